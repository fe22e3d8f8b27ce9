import { fail } from '../failure';
import { INTEGER, STRING, TIMESTAMP } from '../types/kind';
import { fitsI64, normalizeInteger } from '../value/integer';
import { VrlTimestamp, type VrlInteger } from '../value/value';
import { uncoercible } from './coerce';
import { define, type FunctionDefinition } from './definition';
import { integer, oneOf, text, timestamp, withDefault } from './parameters';

const UNITS = ['seconds', 'milliseconds', 'nanoseconds', 'microseconds'] as const;

const NANOS_PER_UNIT: Readonly<Record<(typeof UNITS)[number], bigint>> = {
  seconds: 1_000_000_000n,
  milliseconds: 1_000_000n,
  microseconds: 1000n,
  nanoseconds: 1n,
};

/** Years -262,143 to 262,142, in seconds since the epoch. */
const MIN_SECONDS = -8_334_601_228_800n;
const MAX_SECONDS = 8_210_266_876_799n;

const fromUnixTimestamp = define({
  name: 'from_unix_timestamp',
  params: [
    integer('value', { refuse: (value) => uncoercible(value, 'timestamp') }),
    withDefault(oneOf('unit', UNITS), 'seconds'),
  ],
  returns: TIMESTAMP,
  fallible: true,
  run: (value, unit) => {
    if (unit === 'seconds' && typeof value === 'number' && Math.abs(value) < MAX_SECONDS)
      return new VrlTimestamp(value, 0);
    const nanos = BigInt(value) * NANOS_PER_UNIT[unit];
    const seconds = nanos / 1_000_000_000n;
    if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) return fail(`unable to coerce ${value} into timestamp`);
    return VrlTimestamp.fromEpochNanos(nanos);
  },
});

const toUnixTimestamp = define({
  name: 'to_unix_timestamp',
  params: [timestamp('value'), withDefault(oneOf('unit', UNITS), 'seconds')],
  returns: INTEGER,
  fallible: false,
  run: (value, unit) => {
    if (unit === 'seconds') return value.seconds;
    if (unit === 'milliseconds') return value.epochMs;
    const nanos = value.epochNanos;
    if (unit === 'nanoseconds') {
      return fitsI64(nanos) ? normalizeInteger(nanos) : fail("can't convert out of range timestamp");
    }
    return normalizeInteger(floorDivide(nanos, NANOS_PER_UNIT.microseconds));
  },
});

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const;

/** Names that are deprecated, and what they mean. */
const OLD_LEVELS = new Map([
  ['panic', 0],
  ['error', 3],
  ['warn', 4],
]);

const FACILITIES: readonly string[] = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp', 'ntp'],
  ...['security', 'console', 'solaris-cron'],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
];

/** The name at a code; undefined for a code that has none. */
function nameAt(names: readonly string[], code: VrlInteger): string | undefined {
  return typeof code === 'number' ? names[code] : undefined;
}

const toSyslogLevel = define({
  name: 'to_syslog_level',
  params: [integer('value')],
  returns: STRING,
  fallible: true,
  run: (code) => nameAt(LEVELS, code) ?? fail(`severity level ${code} not valid`),
});

const toSyslogSeverity = define({
  name: 'to_syslog_severity',
  params: [text('value')],
  returns: INTEGER,
  fallible: true,
  run: (level) => {
    const code = OLD_LEVELS.get(level) ?? (LEVELS as readonly string[]).indexOf(level);
    return code === -1 ? fail(`syslog level ${level} not valid`) : code;
  },
});

const toSyslogFacility = define({
  name: 'to_syslog_facility',
  params: [integer('value')],
  returns: STRING,
  fallible: true,
  run: (code) => nameAt(FACILITIES, code) ?? fail(`facility code ${code} not valid`),
});

const toSyslogFacilityCode = define({
  name: 'to_syslog_facility_code',
  params: [text('value')],
  returns: INTEGER,
  fallible: true,
  run: (facility) => {
    const code = FACILITIES.indexOf(facility);
    return code === -1 ? fail(`syslog facility '${facility}' not valid`) : code;
  },
});

export const functions: readonly FunctionDefinition[] = [
  fromUnixTimestamp,
  toUnixTimestamp,
  toSyslogLevel,
  toSyslogSeverity,
  toSyslogFacility,
  toSyslogFacilityCode,
];
