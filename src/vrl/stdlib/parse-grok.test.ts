import { error, testCalls } from '../testing/run';
import { GrokPattern } from './grok/grok-pattern';
import { STANDARD_PATTERNS } from './grok/standard-patterns';
import { functions } from './parse-grok';

describe('parse_grok', () => {
  testCalls(functions, [
    [
      'parse_grok',
      [
        '2020-10-02T23:22:12.223222Z info Hello world',
        '%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:level} %{GREEDYDATA:message}',
      ],
      { timestamp: '2020-10-02T23:22:12.223222Z', level: 'info', message: 'Hello world' },
    ],
    [
      'parse_grok',
      [
        '55.3.244.1 GET /index.html 15824 0.043',
        '%{IP:client} %{WORD:method} %{URIPATHPARAM:request} %{NUMBER:bytes} %{NUMBER:duration}',
      ],
      { client: '55.3.244.1', method: 'GET', request: '/index.html', bytes: '15824', duration: '0.043' },
    ],
    ['parse_grok', ['a b', '%{WORD:x.y} %{WORD}'], { 'x.y': 'a' }],
    ['parse_grok', ['a b', '%{WORD:@x-y} %{WORD}'], { '@x-y': 'a' }],
    ['parse_grok', ['a b', '%{WORD:x} %{WORD:x}'], { x: 'a', 'x[1]': 'b' }],
    ['parse_grok', ['a b', '(?<first>\\w) %{WORD:second}'], { first: 'a', second: 'b' }],
    ['parse_grok', ['a', '%{WORD:x}(?: %{WORD:y})?'], { x: 'a' }],
    ['parse_grok', ['id=A7', 'id=%{ID:id=[A-Z][0-9]}'], { id: 'A7' }],
    ['parse_grok', ['', '%{GREEDYDATA:x}'], { x: '' }],
    ['parse_grok', ['http://h:80/p?q=1', '%{URI:uri}'], { uri: 'http://h:80/p?q=1', port: '80' }],
    [
      'parse_grok',
      ['Oct 11 22:14:15 web su[77]: failed', '%{SYSLOGBASE} %{GREEDYDATA:m}'],
      { timestamp: 'Oct 11 22:14:15', logsource: 'web', program: 'su', pid: '77', m: 'failed' },
    ],
    ['parse_grok', ['an ungrokkable message', '%{IP:client}'], error('unable to parse input with grok pattern')],
    [
      'parse_grok',
      ['x', '%{NOG}'],
      error('The given pattern definition name "NOG" could not be found in the definition map'),
    ],
    ['parse_grok', ['x', '%{WORD:'], error(/^Something unexpected/)],
    ['parse_grok', ['x', '%{A=%{A}}'], error(/./)],
    ['parse_grok', ['x', '('], error(/failed compilation/)],
    ['parse_grok', ['x', ''], error(/empty regex/)],
  ]);
});

test.each([...STANDARD_PATTERNS.keys()])('the standard pattern %s compiles', (name) => {
  expect(() => new GrokPattern(`%{${name}:x}`)).not.toThrow();
});

test.each<[string, readonly string[], readonly string[]]>([
  [
    'IP',
    [
      '1.2.3.4',
      '::',
      '::1',
      '1::',
      '2001:db8::1',
      'fe80::1%eth0',
      '::ffff:1.2.3.4',
      '1:2:3:4:5:6:7:8',
      '1:2:3:4:5:6:1.2.3.4',
    ],
    ['1.2.3', '256.1.1.1', '1:2:3', 'x'],
  ],
  ['MAC', ['00:1a:2B:3c:4d:5e', '00-1a-2B-3c-4d-5e', '001a.2b3c.4d5e'], ['00:1a:2B']],
  ['NUMBER', ['1', '-1.5', '.5', '+7'], ['1.', 'a']],
  ['BASE16NUM', ['0xff', 'FF', '-0x1'], ['0x', 'g']],
  ['HOSTNAME', ['a', 'a-b.c.example.com', 'a.'], ['-', 'a_b']],
  ['QUOTEDSTRING', ['"a b"', "''", '"a\\"b"', '`x`'], ['"a', 'a"']],
  ['PATH', ['/', '/a/b.c', '/a\\ b', 'C:\\x\\y'], ['a/b', 'C:']],
  ['TIMESTAMP_ISO8601', ['2020-01-02T03:04:05.678+01:00', '2020-01-02 03:04', '20-1-2T3:04Z'], ['2020-13-01T00:00']],
  ['HTTPDATE', ['10/Oct/2000:13:55:36 -0700'], ['10/Okt/2000 13:55:36 -0700']],
  ['DATESTAMP_RFC2822', ['Mon, 02 Jan 2006 15:04:05 +0000'], ['Mon 02 Jan 2006']],
  ['LOGLEVEL', ['info', 'Info', 'INFO', 'WARNING', 'warn', 'EMERGENCY', 'crit'], ['iNFO', 'x']],
  ['EMAILADDRESS', ['a.b@example.com'], ['@x']],
  ['UUID', ['123e4567-e89b-12d3-a456-426614174000'], ['123e4567']],
  ['MONTH', ['Jan', 'März', 'december'], ['Jann']],
])('%s', (name, matching, others) => {
  const pattern = new GrokPattern(`\\A%{${name}:x}\\z`);
  for (const text of matching) expect([text, pattern.match(text)?.['x']]).toEqual([text, text]);
  for (const text of others) expect([text, pattern.match(text)]).toEqual([text, undefined]);
});

test('hostile lines end soon', () => {
  const pattern = new GrokPattern('%{DATA:a} %{DATA:b} %{DATA:c} %{URI:d} %{QUOTEDSTRING:e} %{NUMBER:f}$');
  expect(pattern.match('a "'.repeat(5_000))).toBeUndefined();
  expect(pattern.match(`${'a'.repeat(30_000)}:`)).toBeUndefined();
});
