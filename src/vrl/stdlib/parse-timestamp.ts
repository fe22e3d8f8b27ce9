import { fail, Failure } from '../failure';
import { compileFormat, UTC, zoneNamed, type TimestampFormat, type Zone } from '../time';
import { TIMESTAMP } from '../types/kind';
import { textOf } from '../value/bytes';
import { quotedText } from '../value/quoted-text';
import { kindOf } from '../value/kind-of';
import { KindBit, VrlTimestamp, type VrlString, type VrlValue } from '../value/value';
import { define, type FunctionDefinition } from './definition';
import { ofKinds, optional, text } from './parameters';

const parseTimestamp = define({
  name: 'parse_timestamp',
  params: [
    ofKinds<VrlString | VrlTimestamp>('value', KindBit.string | KindBit.timestamp, { refuse: notConvertible }),
    text('format'),
    optional(text('timezone')),
  ],
  returns: TIMESTAMP,
  fallible: true,
  prepare: (call) => {
    const programZone = zoneNamed(call.timezone) ?? UTC;
    return (value, pattern, timezone) => {
      if (value instanceof VrlTimestamp) return value;
      const zone = timezone === undefined ? programZone : zoneOf(timezone);
      const text = textOf(value);
      return formatOf(pattern, text).parse(text, zone);
    };
  },
});

/** The language calls an object a map here. */
function notConvertible(value: VrlValue): Failure {
  const kind = kindOf(value);
  return fail(`unable to convert ${kind === 'object' ? 'map' : kind} value to timestamp`);
}

function zoneOf(name: string): Zone {
  const zone = zoneNamed(name);
  if (zone === undefined) throw fail(`unable to parse timezone: ${name}`);
  return zone;
}

function formatOf(pattern: string, text: string): TimestampFormat {
  try {
    return compileFormat(pattern);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    throw fail(`Invalid timestamp ${quotedText(text)}: bad or unsupported format string`);
  }
}

export const functions: readonly FunctionDefinition[] = [parseTimestamp];
