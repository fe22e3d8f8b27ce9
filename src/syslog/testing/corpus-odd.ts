import { ARRIVAL_TEXT, SENDER, bsd, structured, type CorpusEntry } from './corpus';

const TIME = '2024-10-11T22:14:15Z';
const NO_PRIORITY = { parse_error: 'neither PRI nor a time at the begin' };
const WRONG_PRIORITY = { parse_error: 'PRI is not a number from 0 to 191 in angle brackets' };

function whole(device: string, message: string, more: Record<string, string>, priority = 13): CorpusEntry {
  return { device, message, fields: bsd(priority, ARRIVAL_TEXT, SENDER, '', message, more) };
}

function header(field: string): Record<string, string> {
  return { parse_error: `the RFC 5424 header ends before ${field}` };
}

/** The examples of the RFCs, and everything that follows neither. */
export const ODD_CORPUS: readonly CorpusEntry[] = [
  {
    device: 'RFC 5424, example 1',
    message:
      "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick on /dev/pts/8",
    fields: structured(
      34,
      '2003-10-11T22:14:15.003Z mymachine.example.com su - ID47',
      '',
      "'su root' failed for lonvick on /dev/pts/8",
    ),
  },
  {
    device: 'RFC 5424, example 2',
    message: "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.",
    fields: structured(
      165,
      '2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 -',
      '',
      "%% It's time to make the do-nuts.",
    ),
  },
  {
    device: 'RFC 5424, example 3',
    message:
      '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"] \ufeffAn application event log entry...',
    fields: structured(
      165,
      '2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47',
      '[exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"]',
      'An application event log entry...',
      {
        'sd.exampleSDID@32473.iut': '3',
        'sd.exampleSDID@32473.eventSource': 'Application',
        'sd.exampleSDID@32473.eventID': '1011',
      },
    ),
  },
  {
    device: 'RFC 5424, example 4',
    message:
      '<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3"][examplePriority@32473 class="high"]',
    fields: structured(
      165,
      '2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47',
      '[exampleSDID@32473 iut="3"][examplePriority@32473 class="high"]',
      '',
      { 'sd.exampleSDID@32473.iut': '3', 'sd.examplePriority@32473.class': 'high' },
    ),
  },
  {
    device: 'RFC 5424, all NIL',
    message: '<0>1 - - - - - -',
    fields: structured(0, '- - - - -', '', ''),
  },
  {
    device: 'RFC 5424, escapes in structured data',
    message: String.raw`<13>1 - h a - - [x@1 q="say \"hi\"" b="C:\\dir" c="a\]b" d="a\nb" e=""] m`,
    fields: structured(13, '- h a - -', String.raw`[x@1 q="say \"hi\"" b="C:\\dir" c="a\]b" d="a\nb" e=""]`, 'm', {
      'sd.x@1.q': 'say "hi"',
      'sd.x@1.b': String.raw`C:\dir`,
      'sd.x@1.c': 'a]b',
      'sd.x@1.d': String.raw`a\nb`,
      'sd.x@1.e': '',
    }),
  },
  {
    device: 'RFC 5424, bracket without backslash',
    message: '<13>1 - h a - - [x@1 q="a[1]=2"] m',
    fields: structured(13, '- h a - -', '[x@1 q="a[1]=2"]', 'm', { 'sd.x@1.q': 'a[1]=2' }),
  },
  {
    device: 'RFC 5424, element without parameters',
    message: '<13>1 - h a - - [x@1][y@1 a="b"] m',
    fields: structured(13, '- h a - -', '[x@1][y@1 a="b"]', 'm', { 'sd.y@1.a': 'b' }),
  },
  {
    device: 'RFC 5424, a parameter twice',
    message: '<13>1 - h a - - [origin ip="192.0.2.1" ip="192.0.2.129"]',
    fields: structured(13, '- h a - -', '[origin ip="192.0.2.1" ip="192.0.2.129"]', '', {
      'sd.origin.ip': '192.0.2.129',
    }),
  },
  {
    device: 'RFC 5424, names from Object.prototype',
    message: '<13>1 - h a - - [__proto__ constructor="x" __proto__="y"] m',
    fields: structured(13, '- h a - -', '[__proto__ constructor="x" __proto__="y"]', 'm', {
      'sd.__proto__.constructor': 'x',
      'sd.__proto__.__proto__': 'y',
    }),
  },
  {
    device: 'RFC 5424, UTF-8 in structured data and message',
    message: '<13>1 - hüt a - - [x@1 q="naïve €"] grüße 😀',
    fields: structured(13, '- hüt a - -', '[x@1 q="naïve €"]', 'grüße 😀', { 'sd.x@1.q': 'naïve €' }),
  },
  {
    device: 'RFC 5424, structured data that breaks off',
    message: '<13>1 - h a - - [x@1 q="1" r="2',
    fields: structured(13, '- h a - -', '', '[x@1 q="1" r="2', {
      parse_error: 'the STRUCTURED-DATA is broken, it is kept in the message',
    }),
  },
  {
    device: 'RFC 5424, message in brackets instead of structured data',
    message: '<13>1 - h a - - [not structured] m',
    fields: structured(13, '- h a - -', '', '[not structured] m'),
  },
  {
    device: 'RFC 5424, version 2 digits',
    message: '<13>12 2024-10-11T22:14:15Z h a - - - m',
    fields: structured(13, '2024-10-11T22:14:15Z h a - -', '', 'm', { version: '12' }),
  },
  {
    device: 'RFC 5424, nanoseconds',
    message: '<13>1 2024-10-11T22:14:15.123456789Z h a - - - m',
    fields: structured(13, '2024-10-11T22:14:15.123456789Z h a - -', '', 'm'),
  },
  {
    device: 'RFC 5424, time without zone',
    message: '<13>1 2024-10-11T22:14:15.5 h a - - - m',
    fields: structured(13, '2024-10-11T22:14:15.5Z h a - -', '', 'm'),
  },
  {
    device: 'RFC 5424, offset without colon',
    message: '<13>1 2024-10-11T22:14:15+0200 h a - - - m',
    fields: structured(13, '2024-10-11T22:14:15+02:00 h a - -', '', 'm'),
  },
  {
    device: 'RFC 5424, lower-case letters in the time',
    message: '<13>1 2024-10-11t22:14:15z h a - - - m',
    fields: structured(13, '2024-10-11T22:14:15Z h a - -', '', 'm'),
  },
  {
    device: 'RFC 5424, two spaces between fields',
    message: '<13>1  2024-10-11T22:14:15Z  h  a  -  -  -  m',
    fields: structured(13, '2024-10-11T22:14:15Z h a - -', '', ' m'),
  },
  {
    device: 'RFC 5424, trailing space',
    message: '<13>1 2024-10-11T22:14:15Z h a - - - ',
    fields: structured(13, '2024-10-11T22:14:15Z h a - -', '', ''),
  },
  {
    device: 'RFC 5424, lines in the message',
    message: '<13>1 2024-10-11T22:14:15Z h a - - - one\n  two\n',
    fields: structured(13, '2024-10-11T22:14:15Z h a - -', '', 'one\n  two'),
  },
  {
    device: 'RFC 5424 without PRI',
    message: '1 2024-10-11T22:14:15Z h a 7 - - m',
    fields: structured(13, '2024-10-11T22:14:15Z h a 7 -', '', 'm'),
  },
  {
    device: 'RFC 5424 with IPv6 host',
    message: '<13>1 2024-10-11T22:14:15Z 2001:db8::1 a - - - m',
    fields: structured(13, '2024-10-11T22:14:15Z 2001:db8::1 a - -', '', 'm'),
  },
  whole('RFC 5424, cut off after the version', '<8>1 ', header('TIMESTAMP'), 8),
  whole('RFC 5424, cut off after the time', '<8>1 2024-10-11T22:14:15Z', header('HOSTNAME'), 8),
  whole('RFC 5424, cut off after the host', '<8>1 2024-10-11T22:14:15Z h', header('APP-NAME'), 8),
  whole('RFC 5424, cut off after the application', '<8>1 2024-10-11T22:14:15Z h a', header('PROCID'), 8),
  whole('RFC 5424, cut off after the process', '<8>1 2024-10-11T22:14:15Z h a 1', header('MSGID'), 8),
  whole(
    'RFC 5424, no such day',
    '<8>1 2024-02-30T22:14:15Z h a - - - m',
    {
      parse_error: 'the TIMESTAMP of the RFC 5424 header is not an RFC 3339 time',
    },
    8,
  ),
  {
    device: 'RFC 3164, example 1',
    message: "<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8",
    fields: bsd(34, TIME, 'mymachine', 'su', "'su root' failed for lonvick on /dev/pts/8"),
  },
  whole('RFC 3164, example 2 before the relay', 'Use the BFG!', NO_PRIORITY),
  {
    device: 'RFC 3164, example 2 after the relay',
    message: '<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!',
    fields: bsd(13, '2024-02-05T17:32:18Z', '10.0.0.99', '', 'Use the BFG!'),
  },
  {
    device: 'RFC 3164, example 3',
    message:
      "<165>Aug 24 05:34:00 CST 1987 mymachine myproc[10]: %% It's time to make the do-nuts.  %%  Ingredients: Mix=OK, Jelly=OK #",
    fields: bsd(
      165,
      '1987-08-24T05:34:00-06:00',
      'mymachine',
      'myproc[10]',
      "%% It's time to make the do-nuts.  %%  Ingredients: Mix=OK, Jelly=OK #",
    ),
  },
  {
    device: 'RFC 3164, example 4',
    message: "<0>1990 Oct 22 10:52:01 TZ-6 scapegoat.dmz.example.org 10.1.2.3 sched[0]: That's All Folks!",
    fields: bsd(
      0,
      '1990-10-22T10:52:01Z',
      'TZ-6',
      '',
      "scapegoat.dmz.example.org 10.1.2.3 sched[0]: That's All Folks!",
    ),
  },
  {
    device: 'one digit day without padding',
    message: '<13>Oct 1 22:14:15 h app: m',
    fields: bsd(13, '2024-10-01T22:14:15Z', 'h', 'app', 'm'),
  },
  {
    device: 'day with leading zero',
    message: '<13>Oct 01 22:14:15 h app: m',
    fields: bsd(13, '2024-10-01T22:14:15Z', 'h', 'app', 'm'),
  },
  {
    device: 'month in capitals',
    message: '<13>OCT 11 22:14:15 h app: m',
    fields: bsd(13, TIME, 'h', 'app', 'm'),
  },
  {
    device: 'weekday before the month',
    message: '<13>Fri Oct 11 22:14:15 2024 h app: m',
    fields: bsd(13, TIME, 'h', 'app', 'm'),
  },
  {
    device: 'ISO 8601 with a space and comma',
    message: '<13>2024-10-11 22:14:15,123 h app[7]: m',
    fields: bsd(13, '2024-10-11T22:14:15.123Z', 'h', 'app[7]', 'm'),
  },
  {
    device: 'ISO 8601 of an application, no host',
    message: '<13>2024-10-11 22:14:15,123 ERROR something failed',
    fields: bsd(13, '2024-10-11T22:14:15.123Z', SENDER, '', 'ERROR something failed'),
  },
  {
    device: 'slashes in the date',
    message: '<13>2024/10/11 22:14:15 h app: m',
    fields: bsd(13, TIME, 'h', 'app', 'm'),
  },
  {
    device: 'IPv6 host',
    message: '<13>Oct 11 22:14:15 2001:db8::1 app: m',
    fields: bsd(13, TIME, '2001:db8::1', 'app', 'm'),
  },
  {
    device: 'IPv6 host in brackets',
    message: '<13>Oct 11 22:14:15 [2001:db8::1] app: m',
    fields: bsd(13, TIME, '[2001:db8::1]', 'app', 'm'),
  },
  {
    device: 'IPv6 host with zone and colon',
    message: '<13>Oct 11 22:14:15 fe80::1: app: m',
    fields: bsd(13, TIME, 'fe80::1', 'app', 'm'),
  },
  {
    device: 'chain of hosts',
    message: '<13>Oct 11 22:14:15 relay/host.example.com app: m',
    fields: bsd(13, TIME, 'relay/host.example.com', 'app', 'm'),
  },
  {
    device: 'NIL host',
    message: '<13>Oct 11 22:14:15 - app: m',
    fields: bsd(13, TIME, SENDER, 'app', 'm'),
  },
  {
    device: 'no space after the tag',
    message: "<13>Oct 11 22:14:15 h su:'su root' failed",
    fields: bsd(13, TIME, 'h', 'su', "'su root' failed"),
  },
  {
    device: 'pid without colon',
    message: '<13>Oct 11 22:14:15 h app[77] m',
    fields: bsd(13, TIME, 'h', 'app[77]', 'm'),
  },
  {
    device: 'pid without colon, no host',
    message: '<13>Oct 11 22:14:15 app[77] m',
    fields: bsd(13, TIME, SENDER, 'app[77]', 'm'),
  },
  {
    device: 'brackets that are no pid',
    message: '<13>Oct 11 22:14:15 h eth0[up] m',
    fields: bsd(13, TIME, 'h', '', 'eth0[up] m'),
  },
  {
    device: 'pid that is no number',
    message: '<13>Oct 11 22:14:15 h heroku[web.1]: m',
    fields: bsd(13, TIME, 'h', 'heroku[web.1]', 'm'),
  },
  {
    device: 'content that begins with a URL',
    message: '<13>Oct 11 22:14:15 h http://example.com/x: gone',
    fields: bsd(13, TIME, 'h', '', 'http://example.com/x: gone'),
  },
  {
    device: 'spaces at the begin of the content',
    message: '<13>Oct 11 22:14:15 h app:   indented',
    fields: bsd(13, TIME, 'h', 'app', '  indented'),
  },
  {
    device: 'empty content',
    message: '<13>Oct 11 22:14:15 h app:',
    fields: bsd(13, TIME, 'h', 'app', ''),
  },
  {
    device: 'host alone',
    message: '<13>Oct 11 22:14:15 h ',
    fields: bsd(13, TIME, 'h', '', ''),
  },
  {
    device: 'one word',
    message: '<13>Oct 11 22:14:15 hello',
    fields: bsd(13, TIME, SENDER, '', 'hello'),
  },
  {
    device: 'time alone',
    message: '<13>Oct 11 22:14:15',
    fields: bsd(13, TIME, SENDER, '', ''),
  },
  {
    device: 'no time, tag',
    message: "<34>su: 'su root' failed",
    fields: bsd(34, ARRIVAL_TEXT, SENDER, 'su', "'su root' failed"),
  },
  {
    device: 'no time, host and tag with pid',
    message: '<34>mymachine sshd[42]: failed',
    fields: bsd(34, ARRIVAL_TEXT, 'mymachine', 'sshd[42]', 'failed'),
  },
  {
    device: 'no time, address and tag',
    message: '<34>10.1.2.3 app: m',
    fields: bsd(34, ARRIVAL_TEXT, '10.1.2.3', 'app', 'm'),
  },
  {
    device: 'no time, sentence with a colon',
    message: '<34>Connection lost: timeout',
    fields: bsd(34, ARRIVAL_TEXT, SENDER, '', 'Connection lost: timeout'),
  },
  {
    device: 'no time, text',
    message: '<13>hello world',
    fields: bsd(13, ARRIVAL_TEXT, SENDER, '', 'hello world'),
  },
  {
    device: 'no time, indented text',
    message: '<13>\tat com.example.Main(Main.java:7)',
    fields: bsd(13, ARRIVAL_TEXT, SENDER, '', '\tat com.example.Main(Main.java:7)'),
  },
  {
    device: 'no such time',
    message: '<13>Oct 32 22:14:15 h app: m',
    fields: bsd(13, ARRIVAL_TEXT, SENDER, '', 'Oct 32 22:14:15 h app: m'),
  },
  {
    device: 'no such time',
    message: '<13>Oct 11 25:14:15 h app: m',
    fields: bsd(13, ARRIVAL_TEXT, SENDER, '', 'Oct 11 25:14:15 h app: m'),
  },
  {
    device: 'PRI alone',
    message: '<13>',
    fields: bsd(13, ARRIVAL_TEXT, SENDER, '', ''),
  },
  {
    device: 'BOM before PRI',
    message: '\ufeff<34>Oct 11 22:14:15 h app: m',
    fields: bsd(34, TIME, 'h', 'app', 'm'),
  },
  {
    device: 'BOM before the content',
    message: '<34>Oct 11 22:14:15 h app: \ufeff{"a":1}',
    fields: bsd(34, TIME, 'h', 'app', '{"a":1}'),
  },
  {
    device: 'space before PRI',
    message: ' <34>Oct 11 22:14:15 h app: m',
    fields: bsd(34, TIME, 'h', 'app', 'm'),
  },
  {
    device: 'line ends at the end',
    message: '<34>Oct 11 22:14:15 h app: m\r\n\0',
    fields: bsd(34, TIME, 'h', 'app', 'm'),
  },
  {
    device: 'number that is no version',
    message: '<13>404 not found',
    fields: bsd(13, ARRIVAL_TEXT, SENDER, '', '404 not found'),
  },
  whole('PRI too large', '<192>Oct 11 22:14:15 h app: m', WRONG_PRIORITY),
  whole('PRI with a leading zero', '<013>Oct 11 22:14:15 h app: m', WRONG_PRIORITY),
  whole('PRI of two zeros', '<00>1 - - - - - -', WRONG_PRIORITY),
  whole('PRI with four digits', '<1000>x', WRONG_PRIORITY),
  whole('PRI with a letter', '<1a>x', WRONG_PRIORITY),
  whole('PRI with a sign', '<-1>x', WRONG_PRIORITY),
  whole('PRI without digits', '<>x', WRONG_PRIORITY),
  whole('PRI without end', '<13', WRONG_PRIORITY),
  whole('markup', '<html><body>x</body></html>', WRONG_PRIORITY),
  whole('text', 'hello world', NO_PRIORITY),
  whole('tag and text', 'app[7]: hello', NO_PRIORITY),
  whole('nothing', '', NO_PRIORITY),
  whole('binary', '\u0016\u0003\u0001\u0002', NO_PRIORITY),
];
