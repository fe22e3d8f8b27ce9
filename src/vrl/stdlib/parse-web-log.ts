import { fail } from '../failure';
import { UTC, zoneNamed } from '../time';
import { FLOAT, INTEGER, NULL, OBJECT, shapeOf, STRING, TIMESTAMP, UNDEFINED, union, type Kind } from '../types/kind';
import type { VrlObject } from '../value/value';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { oneOf, optional, text } from './parameters';
import { matchFields } from './web-log/log-fields';
import { COMMON_LOG_TIME, timeReader, type TimeReader } from './web-log/log-time';
import { patternsOf, type LogFormat } from './web-log/patterns';
import { scanApacheLine } from './web-log/scan-apache';
import { scanNginxLine } from './web-log/scan-nginx';

type FieldKinds = Readonly<Record<string, Kind>>;

/** Fields that may be absent, typed as null then. */
function nullable(kinds: FieldKinds): FieldKinds {
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, union(kind, NULL)]));
}

/** Fields that may be absent, typed as undefined then. */
function absentable(kinds: FieldKinds): FieldKinds {
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, union(kind, UNDEFINED)]));
}

const named = (kind: Kind, names: string): FieldKinds =>
  Object.fromEntries(names.split(' ').map((name) => [name, kind]));

const APACHE_COMMON = {
  timestamp: TIMESTAMP,
  ...named(STRING, 'host identity user message method path protocol'),
  ...named(INTEGER, 'status size'),
};
const NGINX_HEAD = { timestamp: TIMESTAMP, request: STRING, status: INTEGER };
const NGINX_MAIN = {
  ...NGINX_HEAD,
  ...absentable(named(STRING, 'remote_addr remote_user http_referer http_user_agent')),
  body_bytes_size: INTEGER,
};

/** As the language types them; some fields that are typed as certain are missing from lines that leave them out. */
const KINDS: Readonly<Record<LogFormat, Kind>> = {
  'apache common': shapeOf(nullable(APACHE_COMMON)),
  'apache combined': shapeOf(nullable({ ...APACHE_COMMON, ...named(STRING, 'referrer agent') })),
  'apache error': shapeOf(
    nullable({
      timestamp: TIMESTAMP,
      ...named(STRING, 'module severity thread client message message1 message2'),
      ...named(INTEGER, 'pid port'),
    }),
  ),
  'nginx combined': shapeOf({
    ...NGINX_HEAD,
    client: STRING,
    ...nullable(named(STRING, 'user referer agent compression')),
    size: INTEGER,
  }),
  'nginx error': shapeOf({
    timestamp: TIMESTAMP,
    ...named(STRING, 'severity message'),
    ...named(INTEGER, 'pid tid cid'),
    ...nullable({ ...named(STRING, 'zone client server request upstream host referer port'), excess: FLOAT }),
  }),
  'nginx ingress_upstreaminfo': shapeOf({
    ...NGINX_MAIN,
    ...named(STRING, 'proxy_upstream_name upstream_addr req_id'),
    ...absentable(named(STRING, 'proxy_alternative_upstream_name')),
    ...named(INTEGER, 'request_length upstream_response_length upstream_status'),
    ...named(FLOAT, 'request_time upstream_response_time'),
  }),
  'nginx main': shapeOf({ ...NGINX_MAIN, ...absentable(named(STRING, 'http_x_forwarded_for')) }),
};

/** Reads one line; undefined when it is not of the format. */
function readLine(format: LogFormat, line: string, readTime: TimeReader): VrlObject | undefined {
  let fields: VrlObject | undefined;
  if (format === 'apache combined') fields = scanApacheLine(line, true, readTime);
  else if (format === 'apache common') fields = scanApacheLine(line, false, readTime);
  else if (format === 'nginx combined') fields = scanNginxLine(line, readTime);
  return fields ?? matchFields(line, patternsOf(format), readTime);
}

/** What a line is read with, for one call site: the reader of times is kept while the format stays the same. */
function lineReader(call: CallSite, message: string) {
  const zone = zoneNamed(call.timezone) ?? UTC;
  let timeFormat: string | undefined;
  let readTime: TimeReader;
  return (line: string, format: LogFormat, wantedTimeFormat: string): VrlObject => {
    if (wantedTimeFormat !== timeFormat) {
      timeFormat = wantedTimeFormat;
      readTime = timeReader(wantedTimeFormat, zone);
    }
    const fields = readLine(format, line, readTime);
    if (fields === undefined) throw fail(message);
    return fields;
  };
}

const parseCommonLog = define({
  name: 'parse_common_log',
  params: [text('value'), optional(text('timestamp_format'))],
  returns: KINDS['apache common'],
  fallible: true,
  fresh: true,
  prepare: (call) => {
    const read = lineReader(call, 'failed parsing common log line');
    return (line, timeFormat = COMMON_LOG_TIME) => read(line, 'apache common', timeFormat);
  },
});

const parseApacheLog = define({
  name: 'parse_apache_log',
  params: [text('value'), oneOf('format', ['common', 'combined', 'error']), optional(text('timestamp_format'))],
  returns: (call) => kindFor(call, 'apache'),
  fallible: true,
  fresh: true,
  prepare: (call) => {
    const read = lineReader(call, `failed parsing ${String(call.constant('format'))} log line`);
    return (line, format, timeFormat = COMMON_LOG_TIME) => read(line, `apache ${format}`, timeFormat);
  },
});

const NGINX_ERROR_TIME = '%Y/%m/%d %H:%M:%S';

const parseNginxLog = define({
  name: 'parse_nginx_log',
  params: [
    text('value'),
    oneOf('format', ['combined', 'error', 'ingress_upstreaminfo', 'main']),
    optional(text('timestamp_format')),
  ],
  returns: (call) => kindFor(call, 'nginx'),
  fallible: true,
  fresh: true,
  prepare: (call) => {
    const read = lineReader(call, 'failed parsing log line');
    return (line, format, timeFormat = format === 'error' ? NGINX_ERROR_TIME : COMMON_LOG_TIME) =>
      read(line, `nginx ${format}`, timeFormat);
  },
});

function kindFor(call: CallSite, server: string): Kind {
  const kinds: Readonly<Record<string, Kind>> = KINDS;
  return kinds[`${server} ${String(call.constant('format'))}`] ?? OBJECT;
}

export const functions: readonly FunctionDefinition[] = [parseCommonLog, parseApacheLog, parseNginxLog];
