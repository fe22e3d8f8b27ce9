import { error, t, testCalls } from '../testing/run';
import { functions } from './convert';

describe('Unix timestamps', () => {
  const instant = t('1969-12-31T23:59:58.500000001Z');
  testCalls(functions, [
    ['from_unix_timestamp', [5], t('1970-01-01T00:00:05Z')],
    ['from_unix_timestamp', [-1500, 'milliseconds'], t('1969-12-31T23:59:58.500Z')],
    ['from_unix_timestamp', [1500, 'microseconds'], t('1970-01-01T00:00:00.001500Z')],
    ['from_unix_timestamp', [1_700_000_000_123_456_789n, 'nanoseconds'], t('2023-11-14T22:13:20.123456789Z')],
    ['from_unix_timestamp', [9223372036854775807n], error('unable to coerce 9223372036854775807 into timestamp')],
    ['to_unix_timestamp', [instant], -2],
    ['to_unix_timestamp', [instant, 'milliseconds'], -1500],
    ['to_unix_timestamp', [instant, 'microseconds'], -1_500_000],
    ['to_unix_timestamp', [instant, 'nanoseconds'], -1_499_999_999],
    ['to_unix_timestamp', [t('2500-01-01T00:00:00Z'), 'nanoseconds'], error("can't convert out of range timestamp")],
  ]);
});

describe('syslog names and codes', () => {
  testCalls(functions, [
    ['to_syslog_level', [3], 'err'],
    ['to_syslog_level', [8], error('severity level 8 not valid')],
    ['to_syslog_level', [-1], error(/not valid/)],
    ['to_syslog_severity', ['debug'], 7],
    ['to_syslog_severity', ['error'], 3],
    ['to_syslog_severity', ['loud'], error('syslog level loud not valid')],
    ['to_syslog_facility', [23], 'local7'],
    ['to_syslog_facility', [24], error('facility code 24 not valid')],
    ['to_syslog_facility_code', ['cron'], 9],
    ['to_syslog_facility_code', ['moon'], error(/not valid/)],
  ]);
});
