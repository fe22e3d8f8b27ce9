/**
 * The standard grok library by name, in Oniguruma syntax: the patterns that logstash made common. Some are written with
 * less repetition inside repetition than usual; they match the same.
 */

const OCTET = '(?:[0-1]?[0-9]{1,2}|2[0-4][0-9]|25[0-5])';

/** IPv6 (RFC 4291 section 2.2): groups in full or cut by `::`, perhaps ending in IPv4, perhaps with a zone. */
function ipv6(): string {
  const group = '[0-9A-Fa-f]{1,4}';
  const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
  const embedded = String.raw`${octet}(?:\.${octet}){3}`;
  const forms: string[] = [];
  // The number of groups in front of the cut, seven to none; the rest may have as many as are left.
  for (let leading = 7; leading >= 0; leading--) {
    const head = leading === 0 ? ':' : `(?:${group}:){${leading}}`;
    if (leading === 7) forms.push(`${head}(?:${group}|:)`);
    else if (leading === 6) forms.push(`${head}(?::${group}|${embedded}|:)`);
    else {
      const between =
        leading === 5 ? '' : leading === 4 ? `(?::${group})?` : `(?::${group}){0,${Math.min(5 - leading, 5)}}`;
      forms.push(`${head}(?:(?::${group}){1,${7 - leading}}|${between}:${embedded}|:)`);
    }
  }
  return `(?:${forms.join('|')})(?:%.+)?`;
}

/** One word in the spellings that log levels have: all lower, first upper, all upper. */
function level(word: string): string {
  const [first = '', ...rest] = word;
  return `[${first.toUpperCase()}${first}]${rest.join('')}|${word.toUpperCase()}`;
}

const GENERAL: readonly (readonly [string, string])[] = [
  ['USERNAME', '[a-zA-Z0-9._-]+'],
  ['USER', '%{USERNAME}'],
  ['EMAILLOCALPART', '[a-zA-Z][a-zA-Z0-9_.+-=:]+'],
  ['EMAILADDRESS', '%{EMAILLOCALPART}@%{HOSTNAME}'],
  ['INT', '(?:[+-]?[0-9]+)'],
  ['BASE10NUM', String.raw`(?<![0-9.+-])(?:[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+))`],
  ['NUMBER', '(?:%{BASE10NUM})'],
  ['BASE16NUM', '(?<![0-9A-Fa-f])(?:[+-]?(?:0x)?[0-9A-Fa-f]+)'],
  ['BASE16FLOAT', String.raw`\b(?<![0-9A-Fa-f.])(?:[+-]?(?:0x)?(?:[0-9A-Fa-f]+(?:\.[0-9A-Fa-f]*)?|\.[0-9A-Fa-f]+))\b`],
  ['POSINT', String.raw`\b[1-9][0-9]*\b`],
  ['NONNEGINT', String.raw`\b[0-9]+\b`],
  ['WORD', String.raw`\b\w+\b`],
  ['NOTSPACE', String.raw`\S+`],
  ['SPACE', String.raw`\s*`],
  ['DATA', '.*?'],
  ['GREEDYDATA', '.*'],
  [
    'QUOTEDSTRING',
    ['"', "'", '`']
      .map((quote) => String.raw`(?<!\\)(?:${quote}(?:\\.|[^\\${quote}])+${quote}|${quote}${quote})`)
      .join('|'),
  ],
  ['QS', '%{QUOTEDSTRING}'],
  ['UUID', '[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}'],
  ['URN', "urn:[0-9A-Za-z][0-9A-Za-z-]{0,31}:(?:%[0-9a-fA-F]{2}|[0-9A-Za-z()+,.:=@;$_!*'/?#-])+"],
];

const NETWORK: readonly (readonly [string, string])[] = [
  ['MAC', '(?:%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC})'],
  ['CISCOMAC', String.raw`(?:[A-Fa-f0-9]{4}\.){2}[A-Fa-f0-9]{4}`],
  ['WINDOWSMAC', '(?:[A-Fa-f0-9]{2}-){5}[A-Fa-f0-9]{2}'],
  ['COMMONMAC', '(?:[A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}'],
  ['IPV6', ipv6()],
  ['IPV4', `(?<![0-9])${OCTET}(?:[.]${OCTET}){3}(?![0-9])`],
  ['IP', '(?:%{IPV6}|%{IPV4})'],
  ['HOSTNAME', String.raw`\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*(?:\.?|\b)`],
  ['HOST', '%{HOSTNAME}'],
  ['IPORHOST', '(?:%{IP}|%{HOSTNAME})'],
  ['HOSTPORT', '%{IPORHOST}:%{POSINT}'],
];

const PATHS: readonly (readonly [string, string])[] = [
  ['PATH', '(?:%{UNIXPATH}|%{WINPATH})'],
  ['UNIXPATH', String.raw`(?:/(?:[\w_%!$@:.,+~-]|\\.)*)+`],
  ['TTY', String.raw`/dev/(?:pts|tty[pq]?)\w*/?[0-9]+`],
  ['WINPATH', String.raw`(?:[A-Za-z]+:|\\)(?:\\[^\\?*]*)+`],
  ['URIPROTO', String.raw`[A-Za-z][A-Za-z0-9+\-.]+`],
  ['URIHOST', '%{IPORHOST}(?::%{POSINT:port})?'],
  ['URIPATH', String.raw`(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_\-]*)+`],
  ['URIPARAM', String.raw`\?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\-\[\]<>]*`],
  ['URIPATHPARAM', '%{URIPATH}(?:%{URIPARAM})?'],
  ['URI', '%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?'],
];

const MONTHS = [
  '[Jj]an(?:uary|uar)?',
  '[Ff]eb(?:ruary|ruar)?',
  '[Mm](?:a|ä)?r(?:ch|z)?',
  '[Aa]pr(?:il)?',
  '[Mm]a(?:y|i)?',
  '[Jj]un(?:e|i)?',
  '[Jj]ul(?:y)?',
  '[Aa]ug(?:ust)?',
  '[Ss]ep(?:tember)?',
  '[Oo](?:c|k)?t(?:ober)?',
  '[Nn]ov(?:ember)?',
  '[Dd]e(?:c|z)(?:ember)?',
];

const TIMES: readonly (readonly [string, string])[] = [
  ['MONTH', String.raw`\b(?:${MONTHS.join('|')})\b`],
  ['MONTHNUM', '(?:0?[1-9]|1[0-2])'],
  ['MONTHNUM2', '(?:0[1-9]|1[0-2])'],
  ['MONTHDAY', '(?:0[1-9]|[12][0-9]|3[01]|[1-9])'],
  ['DAY', '(?:Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)'],
  ['YEAR', String.raw`(?:\d\d){1,2}`],
  ['HOUR', '(?:2[0123]|[01]?[0-9])'],
  ['MINUTE', '[0-5][0-9]'],
  // 60 is a leap second.
  ['SECOND', '(?:(?:[0-5]?[0-9]|60)(?:[:.,][0-9]+)?)'],
  ['TIME', '(?!<[0-9])%{HOUR}:%{MINUTE}(?::%{SECOND})(?![0-9])'],
  ['DATE_US', '%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}'],
  ['DATE_EU', '%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}'],
  ['ISO8601_TIMEZONE', '(?:Z|[+-]%{HOUR}(?::?%{MINUTE}))'],
  ['ISO8601_SECOND', '(?:%{SECOND}|60)'],
  ['TIMESTAMP_ISO8601', '%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?%{ISO8601_TIMEZONE}?'],
  ['DATE', '%{DATE_US}|%{DATE_EU}'],
  ['DATESTAMP', '%{DATE}[- ]%{TIME}'],
  ['TZ', '(?:[APMCE][SD]T|UTC)'],
  ['DATESTAMP_RFC822', '%{DAY} %{MONTH} %{MONTHDAY} %{YEAR} %{TIME} %{TZ}'],
  ['DATESTAMP_RFC2822', '%{DAY}, %{MONTHDAY} %{MONTH} %{YEAR} %{TIME} %{ISO8601_TIMEZONE}'],
  ['DATESTAMP_OTHER', '%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{TZ} %{YEAR}'],
  ['DATESTAMP_EVENTLOG', '%{YEAR}%{MONTHNUM2}%{MONTHDAY}%{HOUR}%{MINUTE}%{SECOND}'],
  ['HTTPDERROR_DATE', '%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{YEAR}'],
  ['HTTPDATE', '%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}'],
];

const LOGS: readonly (readonly [string, string])[] = [
  ['SYSLOGTIMESTAMP', '%{MONTH} +%{MONTHDAY} %{TIME}'],
  ['PROG', String.raw`[\x21-\x5a\x5c\x5e-\x7e]+`],
  ['SYSLOGPROG', String.raw`%{PROG:program}(?:\[%{POSINT:pid}\])?`],
  ['SYSLOGHOST', '%{IPORHOST}'],
  ['SYSLOGFACILITY', '<%{NONNEGINT:facility}.%{NONNEGINT:priority}>'],
  ['SYSLOGBASE', '%{SYSLOGTIMESTAMP:timestamp} (?:%{SYSLOGFACILITY} )?%{SYSLOGHOST:logsource} %{SYSLOGPROG}:'],
  [
    'SYSLOGBASE2',
    '(?:%{SYSLOGTIMESTAMP:timestamp}|%{TIMESTAMP_ISO8601:timestamp8601}) (?:%{SYSLOGFACILITY} )?%{SYSLOGHOST:logsource}+(?: %{SYSLOGPROG}:|)',
  ],
  ['SYSLOGLINE', '%{SYSLOGBASE2} %{GREEDYDATA:message}'],
  ['HTTPDUSER', '%{EMAILADDRESS}|%{USER}'],
  [
    'COMMONAPACHELOG',
    String.raw`%{IPORHOST:clientip} %{HTTPDUSER:ident} %{USER:auth} \[%{HTTPDATE:timestamp}\] "(?:%{WORD:verb} %{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})" %{NUMBER:response} (?:%{NUMBER:bytes}|-)`,
  ],
  ['COMBINEDAPACHELOG', '%{COMMONAPACHELOG} %{QS:referrer} %{QS:agent}'],
  ['JAVACLASS', String.raw`(?:[a-zA-Z$_][a-zA-Z$_0-9]*\.)*[a-zA-Z$_][a-zA-Z$_0-9]*`],
  ['JAVAFILE', String.raw`[A-Za-z0-9_. -]+`],
  ['JAVAMETHOD', '(?:<(?:cl)?init>|[a-zA-Z$_][a-zA-Z$_0-9]*)'],
  ['JAVATHREAD', '(?:[A-Z]{2}-Processor[0-9]+)'],
  [
    'JAVASTACKTRACEPART',
    String.raw`\s+at %{JAVACLASS:class}\.%{JAVAMETHOD:method}\(%{JAVAFILE:file}(?::%{NUMBER:line})?\)`,
  ],
  [
    'LOGLEVEL',
    `(?:${[
      level('alert'),
      level('trace'),
      level('debug'),
      level('notice'),
      level('info'),
      '[Ww]arn?(?:ing)?|WARN?(?:ING)?|[Ee]rr?(?:or)?|ERR?(?:OR)?|[Cc]rit?(?:ical)?|CRIT?(?:ICAL)?',
      level('fatal'),
      level('severe'),
      'EMERG(?:ENCY)?|[Ee]merg(?:ency)?',
    ].join('|')})`,
  ],
];

export const STANDARD_PATTERNS: ReadonlyMap<string, string> = new Map(
  [...GENERAL, ...NETWORK, ...PATHS, ...TIMES, ...LOGS].map(([name, pattern]) => [name, pattern]),
);
