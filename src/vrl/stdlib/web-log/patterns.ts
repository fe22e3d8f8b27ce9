import { compileRegex } from '../../regex';
import type { VrlRegex } from '../../value/value';

/**
 * What the log formats match, field by field. The groups' names are the names of the fields. They are the reference for
 * every line; lines of the usual shape are read faster by the scanners of this folder, which give the same.
 */
export type LogFormat =
  | 'apache common'
  | 'apache combined'
  | 'apache error'
  | 'nginx combined'
  | 'nginx error'
  | 'nginx ingress_upstreaminfo'
  | 'nginx main';

const START = String.raw`^\s*`;
const END = String.raw`\s*$`;
const SPACE = String.raw`\s+`;

/** A field that is `-` when absent. */
const orDash = (field: string): string => `(?:-|${field})`;
const group = (name: string, content: string): string => `(?P<${name}>${content})`;

// Anything may stand between the quotes of Apache's fields, quotes included: the shortest text that lets the rest match.
const SHORTEST = '(?s:.)*?';

const APACHE_HEAD = [
  ...['host', 'identity', 'user'].map((name) => orDash(group(name, '.*?'))),
  orDash(String.raw`\[${orDash(group('timestamp', String.raw`[^\[]*`))}\]`),
  orDash(
    `"(?:-|\\s*${group(
      'message',
      String.raw`${group('method', String.raw`\w+`)}\s+${group('path', SHORTEST)}\s+${group('protocol', SHORTEST)}\s*|${SHORTEST}`,
    )}\\s*)"`,
  ),
  orDash(group('status', String.raw`\d+`)),
  orDash(group('size', String.raw`\d+`)),
].join(SPACE);

/** A quoted field of Apache. A dash behind the opening quote is enough for absent, provided that the rest matches then. */
const apacheQuoted = (name: string): string => orDash(String.raw`"(?:-|\s*${group(name, SHORTEST)}")`);

const APACHE_ERROR_SIMPLE = [
  orDash(String.raw`\[${orDash(group('timestamp', String.raw`[^\[]*`))}\]`) + SPACE,
  orDash(String.raw`\[(?:-|${group('module', '[^:]*')}:${group('severity', String.raw`[^\[]*`)})\]`) + SPACE,
  orDash(String.raw`\[\s*pid\s*(?:-|${group('pid', '[^:]*')}(?::\s*tid\s*${group('thread', String.raw`[^\[]*`)})?)\]`) +
    String.raw`\s`,
  orDash(String.raw`\[\s*client\s*(?:-|${group('client', '.*:?')}:${group('port', String.raw`[^\[]*`)})\]`) +
    String.raw`\s`,
  orDash(group('message', '.*')),
].join('');

const APACHE_ERROR_THREADED = [
  String.raw`\[${group('timestamp', String.raw`[^\]]+`)}\]${SPACE}`,
  String.raw`\[(?:-|${group('module', '[^:]+')}):${group('severity', String.raw`[^\]]+`)}\]${SPACE}`,
  String.raw`\[pid\s+${group('pid', String.raw`\d+`)}(?::tid\s+${group('thread', String.raw`\d+`)})?\]${SPACE}`,
  `${group('message1', String.raw`[^\[]*?:\s+(?:[^\[]*?:\s+)?`)}?`,
  String.raw`(?:\[client\s+${group('client', '.+?')}:${group('port', String.raw`\d+`)}\]\s+)?`,
  group('message2', '.*'),
  '(?:, referer .*)?',
].join('');

const unquoted = String.raw`[^"]*`;
const quoted = (name: string): string => `"${group(name, unquoted)}"`;
const quotedOrDash = (name: string, content = String.raw`[^"]+`): string => `"${orDash(group(name, content))}"`;
const digits = (name: string): string => group(name, String.raw`\d+`);
const decimal = (name: string): string => group(name, String.raw`\d+\.\d+`);
const word = (name: string): string => group(name, String.raw`\S+`);

const NGINX_COMBINED =
  [
    orDash(word('client')),
    '-',
    orDash(word('user')),
    String.raw`\[${group('timestamp', '.+')}\]`,
    quoted('request'),
    digits('status'),
    digits('size'),
    quoted('referer'),
    quoted('agent'),
  ].join(SPACE) + `(?:${SPACE}${quotedOrDash('compression')})?`;

const NGINX_MAIN_HEAD = [
  orDash(word('remote_addr')),
  '-',
  orDash(word('remote_user')),
  String.raw`\[${group('timestamp', String.raw`[^\]]+`)}\]`,
  quoted('request'),
  digits('status'),
  digits('body_bytes_size'),
  quotedOrDash('http_referer', unquoted),
  quotedOrDash('http_user_agent'),
];

const NGINX_INGRESS = [
  ...NGINX_MAIN_HEAD,
  digits('request_length'),
  decimal('request_time'),
  String.raw`\[${group('proxy_upstream_name', String.raw`[^\]]+`)}\]`,
  String.raw`\[${group('proxy_alternative_upstream_name', String.raw`[^\]]+`)}?\]`,
  word('upstream_addr'),
  orDash(digits('upstream_response_length')),
  orDash(decimal('upstream_response_time')),
  orDash(digits('upstream_status')),
  word('req_id'),
].join(SPACE);

/** A named part behind a comma at the end of an error line. */
const part = (label: string, content: string): string => String.raw`(?:,\s+${label}:\s+${content})?`;

const NGINX_ERROR = [
  group('timestamp', '.+') + SPACE,
  String.raw`\[${group('severity', String.raw`\w+`)}\]${SPACE}`,
  `${digits('pid')}#${digits('tid')}:`,
  String.raw`(?:\s+\*${digits('cid')})?${SPACE}`,
  group('message', '.+?'),
  String.raw`(?:,\s+excess:\s+${group('excess', String.raw`[^\s,]+`)},?\sby\szone\s"${group('zone', '[^,]+')}")?`,
  part('client', group('client', '[^,]+')),
  part('server', group('server', '[^,]*')),
  part('request', quoted('request')),
  part('upstream', quoted('upstream')),
  part('host', quoted('host')),
  part('refer?rer', quoted('referer')),
].join('');

const SOURCES: Readonly<Record<LogFormat, readonly string[]>> = {
  'apache common': [START + APACHE_HEAD + END],
  // Nothing is said of what follows the agent.
  'apache combined': [START + [APACHE_HEAD, apacheQuoted('referrer'), apacheQuoted('agent')].join(SPACE)],
  'apache error': [START + APACHE_ERROR_SIMPLE + END, START + APACHE_ERROR_THREADED + END],
  'nginx combined': [START + NGINX_COMBINED + END],
  'nginx error': [START + NGINX_ERROR + END],
  'nginx ingress_upstreaminfo': [START + NGINX_INGRESS + END],
  'nginx main': [START + [...NGINX_MAIN_HEAD, quotedOrDash('http_x_forwarded_for')].join(SPACE) + END],
};

const compiled = new Map<LogFormat, readonly VrlRegex[]>();

/** The patterns of a format, in the order in which they are tried. */
export function patternsOf(format: LogFormat): readonly VrlRegex[] {
  let patterns = compiled.get(format);
  if (patterns === undefined) {
    patterns = SOURCES[format].map((source) => compileRegex(source));
    compiled.set(format, patterns);
  }
  return patterns;
}
