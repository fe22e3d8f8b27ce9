import { fail, type Failure } from '../failure';
import { STRING } from '../types/kind';
import { stringFromBytes } from '../value/bytes';
import { saturateToSafe } from '../value/integer';
import type { VrlInteger, VrlString } from '../value/value';
import { compressGzip, compressZlib, decompressGzip, decompressZlib } from './compression/deflate';
import { compressLz4, decompressLz4Block, decompressLz4Frames, isLz4Frame } from './compression/lz4';
import { compressSnappy, decompressSnappy } from './compression/snappy';
import { compressZstd, decompressZstd } from './compression/zstd';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { boolean, bytes, count, integer, withDefault } from './parameters';

/** Functions that undo a compression: bytes in, bytes out. */
function decoder(
  name: string,
  format: string,
  decompress: (data: Uint8Array) => Uint8Array | undefined,
): FunctionDefinition {
  return define({
    name,
    params: [bytes('value')],
    returns: STRING,
    fallible: true,
    run: (data) => decoded(decompress(data), `unable to decode value with ${format} decoder`),
  });
}

function decoded(data: Uint8Array | undefined, problem: string): VrlString | Failure {
  if (data === undefined) return fail(problem);
  return stringFromBytes(data);
}

const MAX_DEFLATE_LEVEL = 9;
const DEFAULT_DEFLATE_LEVEL = 6;

/** A level that is not known, or too high, makes the call fallible. */
function levelMayBeWrong(call: CallSite): boolean {
  if (!call.has('compression_level')) return false;
  const level = call.constant('compression_level');
  return level === undefined || !isDeflateLevel(saturateToSafe(level as VrlInteger));
}

function isDeflateLevel(level: number): boolean {
  return level >= 0 && level <= MAX_DEFLATE_LEVEL;
}

function deflateEncoder(name: string, compress: (data: Uint8Array, level: number) => Uint8Array): FunctionDefinition {
  return define({
    name,
    params: [bytes('value'), withDefault(count('compression_level'), DEFAULT_DEFLATE_LEVEL)],
    returns: STRING,
    fallible: levelMayBeWrong,
    run: (data, level) => {
      if (!isDeflateLevel(level)) throw fail(`compression level must be <= ${MAX_DEFLATE_LEVEL}`);
      return stringFromBytes(compress(data, level));
    },
  });
}

const DEFAULT_ZSTD_LEVEL = 3;

const encodeZstd = define({
  name: 'encode_zstd',
  params: [bytes('value'), withDefault(integer('compression_level'), DEFAULT_ZSTD_LEVEL)],
  returns: STRING,
  fallible: false,
  // The library's level is a 32-bit integer, as which the language hands over whatever was given.
  run: (data, level) =>
    decoded(compressZstd(data, Number(BigInt.asIntN(32, BigInt(level)))), 'unable to encode value with Zstd encoder'),
});

const encodeSnappy = define({
  name: 'encode_snappy',
  params: [bytes('value')],
  returns: STRING,
  fallible: true,
  run: (data) => stringFromBytes(compressSnappy(data)),
});

const encodeLz4 = define({
  name: 'encode_lz4',
  params: [bytes('value'), withDefault(boolean('prepend_size'), true)],
  returns: STRING,
  fallible: true,
  run: (data, prependSize) => {
    const block = compressLz4(data);
    return stringFromBytes(prependSize ? withLength(block, data.length) : block);
  },
});

const LENGTH_BYTES = 4;

/** The block with the length of its content in front, little-endian. */
function withLength(block: Uint8Array, length: number): Uint8Array {
  const framed = new Uint8Array(LENGTH_BYTES + block.length);
  new DataView(framed.buffer).setUint32(0, length, true);
  framed.set(block, LENGTH_BYTES);
  return framed;
}

/** Bytes that a raw LZ4 block may give when the program says nothing else. */
const DEFAULT_LZ4_BUFFER = 1_000_000;

const decodeLz4 = define({
  name: 'decode_lz4',
  params: [
    bytes('value'),
    withDefault(count('buf_size'), DEFAULT_LZ4_BUFFER),
    withDefault(boolean('prepended_size'), false),
  ],
  returns: STRING,
  fallible: true,
  run: (data, bufferSize, prependedSize) => {
    if (isLz4Frame(data)) return decoded(decompressLz4Frames(data), 'unable to decode value with lz4 frame decoder');
    if (prependedSize) return decoded(readWithLength(data), 'unable to decode value with lz4 block decoder');
    const limit = Math.max(bufferSize, 0);
    return decoded(decompressLz4Block(data, limit), 'unable to decode value with lz4 block decoder');
  },
});

function readWithLength(data: Uint8Array): Uint8Array | undefined {
  if (data.length < LENGTH_BYTES) return undefined;
  const length = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0, true);
  return decompressLz4Block(data.subarray(LENGTH_BYTES), length);
}

export const functions: readonly FunctionDefinition[] = [
  deflateEncoder('encode_gzip', compressGzip),
  decoder('decode_gzip', 'Gzip', decompressGzip),
  deflateEncoder('encode_zlib', compressZlib),
  decoder('decode_zlib', 'Zlib', decompressZlib),
  encodeZstd,
  decoder('decode_zstd', 'Zstd', decompressZstd),
  encodeSnappy,
  decoder('decode_snappy', 'Snappy', decompressSnappy),
  encodeLz4,
  decodeLz4,
];
