import { xxHash32 } from 'js-xxhash';
import { fail } from '../failure';
import { INTEGER, STRING, union } from '../types/kind';
import { wrapInteger } from '../value/integer';
import type { VrlValue } from '../value/value';
import { CRC_CATALOGUE } from './checksum/crc-catalogue';
import { crcOf } from './checksum/crc';
import { xxh3Bits128 } from './checksum/xxh3-128';
import { xxh3Bits64 } from './checksum/xxh3-64';
import { xxh64 } from './checksum/xxh64';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { bytes, text, withDefault } from './parameters';

const DEFAULT_CRC = 'CRC_32_ISO_HDLC';

/** Is the argument left out, or a constant name that is known? Names count in upper case. */
function isKnown(call: CallSite, keyword: string, names: ReadonlyMap<string, unknown>): boolean {
  if (!call.has(keyword)) return true;
  const name = call.constant(keyword);
  return typeof name === 'string' && names.has(name.toUpperCase());
}

const crc = define({
  name: 'crc',
  params: [bytes('value'), withDefault(text('algorithm'), DEFAULT_CRC)],
  returns: STRING,
  fallible: (call) => !isKnown(call, 'algorithm', CRC_CATALOGUE),
  run: (value, name) => {
    const algorithm = CRC_CATALOGUE.get(name.toUpperCase());
    if (algorithm === undefined) throw fail(`Invalid CRC algorithm: ${name.toUpperCase()}`);
    return crcOf(algorithm, value).toString();
  },
});

const XXHASHES: ReadonlyMap<string, (bytes: Uint8Array) => VrlValue> = new Map<string, (bytes: Uint8Array) => VrlValue>(
  [
    ['XXH32', (value) => xxHash32(value)],
    ['XXH64', (value) => wrapInteger(xxh64(value))],
    ['XXH3-64', (value) => wrapInteger(xxh3Bits64(value))],
    ['XXH3-128', (value) => xxh3Bits128(value).toString()],
  ],
);

const xxhash = define({
  name: 'xxhash',
  params: [bytes('value'), withDefault(text('variant'), 'XXH32')],
  returns: union(STRING, INTEGER),
  fallible: (call) => !isKnown(call, 'variant', XXHASHES),
  run: (value, name) => {
    const hash = XXHASHES.get(name.toUpperCase());
    if (hash === undefined) throw fail(`Variant must be either 'XXH32', 'XXH64', 'XXH3-64', or 'XXH3-128'`);
    return hash(value);
  },
});

export const functions: readonly FunctionDefinition[] = [crc, xxhash];
