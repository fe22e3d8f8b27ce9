import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { callFunction, error, testCalls, testCodes } from '../testing/run';
import { bytesOf } from '../value/bytes';
import type { VrlString } from '../value/value';
import { functions } from './compression';
import { encodeBase64 } from './codec/base64';
import { decompressLz4Block, decompressLz4Frames } from './compression/lz4';
import { decompressSnappy } from './compression/snappy';
import { decompressZstd } from './compression/zstd';

const byName = new Map(functions.map((definition) => [definition.name, definition]));

function call(name: string, ...args: unknown[]): Uint8Array {
  const result = callFunction(byName.get(name)!, args);
  if ('error' in result) throw new Error(result.error);
  return bytesOf(result.value as VrlString);
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/ /g, ''), 'hex'));

const FORMATS = ['gzip', 'zlib', 'zstd', 'snappy', 'lz4'] as const;
const OPTIONS: Record<string, unknown[]> = { lz4: [undefined, true] };

/** Data that compresses in parts. */
const data = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.tuple(fc.nat(255), fc.nat(1000)).map(([b, n]) => new Uint8Array(n).fill(b)),
    ),
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part))));

describe.each(FORMATS)('%s', (format) => {
  test('decodes what it encoded', () => {
    fc.assert(
      fc.property(data, (bytes) => {
        const encoded = call(`encode_${format}`, bytes);
        expect(Buffer.compare(call(`decode_${format}`, encoded, ...(OPTIONS[format] ?? [])), bytes)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test('survives damaged data', () => {
    fc.assert(
      fc.property(data, fc.nat(), fc.nat(255), fc.nat(), (bytes, at, value, cut) => {
        const damaged = call(`encode_${format}`, bytes).slice();
        if (damaged.length === 0) return;
        damaged[at % damaged.length] = value;
        const part = damaged.subarray(0, damaged.length - (cut % 3));
        expect(callFunction(byName.get(`decode_${format}`)!, [part, ...(OPTIONS[format] ?? [])])).toBeDefined();
      }),
      { numRuns: 100 },
    );
  });
});

test('a gzip header names no operating system', () => {
  expect(encodeBase64(call('encode_gzip', 'encode me'))).toMatch(/^H4sIAAAAAAAA\//);
});

test('zstd frames are those of a stream', () => {
  expect(Buffer.from(call('encode_zstd', 'abc')).toString('hex')).toBe('28b52ffd0058190000616263');
  expect(Buffer.from(call('encode_zstd', '', 19)).toString('hex')).toBe('28b52ffd0068010000');
});

describe('foreign data', () => {
  testCalls(functions, [
    // Made with the tools of the formats.
    ['decode_gzip', [Buffer.concat([gzipSync('one '), gzipSync('two')])], 'one two'],
    ['decode_zstd', [hex('28b52ffd 24 03 190000 616263 46fb6c3a')], error('unable to decode value with Zstd decoder')],
    ['decode_zstd', [hex('502a4d18 02000000 ffff 28b52ffd 2003 190000 616263 28b52ffd 2003 190000 646566')], 'abcdef'],
    [
      'decode_lz4',
      [hex('08000000 4f 61626364 0400 80 6465666768').subarray(0, 14), undefined, true],
      error(/lz4 block/),
    ],
    ['decode_lz4', [hex('0d000000 40 61626364 0400 50 6465666768'), undefined, true], 'abcdabcddefgh'],
    ['decode_lz4', [hex('04224d18 6440a7 03000080 616263 00000000 00000000')], 'abc'],
    ['decode_lz4', [hex('30616263')], 'abc'],
    ['decode_snappy', [hex('03 08 616263')], 'abc'],
    ['decode_snappy', [hex('08 0c 61626364 01 04')], 'abcdabcd'],
  ]);
});

describe('wrong data', () => {
  testCalls(functions, [
    ['decode_gzip', ['some text'], error('unable to decode value with Gzip decoder')],
    ['decode_zlib', [''], ''],
    ['decode_zlib', ['x'], ''],
    ['decode_zlib', ['some text'], error('unable to decode value with Zlib decoder')],
    ['decode_zstd', ['some text'], error('unable to decode value with Zstd decoder')],
    ['decode_zstd', [''], error('unable to decode value with Zstd decoder')],
    ['decode_snappy', ['some text'], error('unable to decode value with Snappy decoder')],
    ['decode_lz4', ['some text'], error('unable to decode value with lz4 block decoder')],
    ['decode_lz4', [hex('30616263'), 2], error('unable to decode value with lz4 block decoder')],
    ['encode_gzip', ['a', 10], error('compression level must be <= 9')],
    ['encode_zlib', ['a', -1], error('compression level must be <= 9')],
  ]);
});

describe('bombs are refused', () => {
  test('zstd: a huge content size and many repeated bytes', () => {
    const block = hex('02ffff 00');
    const bomb = Buffer.concat([
      hex('28b52ffd c0 78 ffffffffffffff7f'),
      ...new Array<Uint8Array>(100_000).fill(block),
      hex('010000'),
    ]);
    expect(decompressZstd(bomb)).toBeUndefined();
  });
  test('snappy: a huge length', () => expect(decompressSnappy(hex('ffffffff0f 00'))).toBeUndefined());
  test('lz4: a run without end', () => {
    const bomb = Buffer.concat([hex('1f 61 0100'), Buffer.alloc(600_000, 255), hex('00 10 61')]);
    expect(decompressLz4Block(bomb, Infinity)).toBeUndefined();
    expect(decompressLz4Frames(hex('04224d18 6440a7 ffffff7f'))).toBeUndefined();
  });
});

describe('fallibility follows the level', () => {
  testCodes([
    ['encode_gzip("a")', []],
    ['encode_gzip("a", 9)', []],
    ['encode_gzip("a", 10)', [100]],
    ['encode_zlib("a", to_int(now()))', [100]],
    ['encode_zstd("a", 50)', []],
  ]);
});
