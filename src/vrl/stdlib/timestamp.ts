import { fail } from '../failure';
import { compileFormat, UTC, zoneNamed } from '../time';
import { STRING, TIMESTAMP } from '../types/kind';
import { now as currentTime } from './clock/now';
import { define, type FunctionDefinition } from './definition';
import { optional, text, timestamp } from './parameters';

const formatTimestamp = define({
  name: 'format_timestamp',
  params: [timestamp('value'), text('format'), optional(text('timezone'))],
  returns: STRING,
  fallible: true,
  run: (value, format, timezone) => {
    const zone = timezone === undefined ? UTC : zoneNamed(timezone);
    if (zone === undefined) throw fail(`unable to parse timezone: ${timezone}`);
    return compileFormat(format).format(value, zone);
  },
});

const now = define({
  name: 'now',
  params: [],
  returns: TIMESTAMP,
  fallible: false,
  run: currentTime,
});

export const functions: readonly FunctionDefinition[] = [formatTimestamp, now];
