import { deflateRawSync } from 'node:zlib';
import { StorageError } from '../errors';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { readCompressed, writeCompressed, type CompressionLevel } from './compression';

const LEVELS: readonly CompressionLevel[] = ['passing', 'fast', 'dense'];
const LINE = 'GET /index.html HTTP/1.1 200 ';

function packed(raw: Uint8Array, level: CompressionLevel): Uint8Array {
  const writer = new ByteWriter();
  writeCompressed(writer, raw, level);
  return writer.finish();
}

describe.each(LEVELS)('%s', (level) => {
  test.each([0, 1, 47, 48, 1_000, 100_000, 1_000_000])('%i bytes are read back', (size) => {
    const raw = Buffer.alloc(size, LINE);
    const bytes = packed(raw, level);
    expect(readCompressed(new ByteReader(bytes)).equals(raw)).toBe(true);
    if (size >= 1_000) expect(bytes.length).toBeLessThan(size / 5);
  });

  test('what gains nothing is stored as it is', () => {
    const raw = Buffer.from(Array.from({ length: 64 }, (_, i) => (i * 89) % 251));
    const bytes = packed(raw, level);
    expect(bytes[0]).toBe(0);
    expect(readCompressed(new ByteReader(bytes)).equals(raw)).toBe(true);
  });

  test('damage is told', () => {
    const bytes = packed(Buffer.alloc(10_000, LINE), level);
    bytes.fill(0xff, 6);
    expect(() => readCompressed(new ByteReader(bytes))).toThrow(StorageError);
  });
});

test('what earlier versions compressed with DEFLATE is read, and damage told', () => {
  const raw = Buffer.alloc(10_000, LINE);
  const writer = new ByteWriter();
  writer.byte(1);
  writer.varint(raw.length);
  writer.block(deflateRawSync(raw));
  const bytes = writer.finish();
  expect(readCompressed(new ByteReader(bytes)).equals(raw)).toBe(true);
  bytes.fill(0xff, 6);
  expect(() => readCompressed(new ByteReader(bytes))).toThrow(StorageError);
});

test('a compression of later versions is refused', () => {
  const writer = new ByteWriter();
  writer.byte(9);
  writer.varint(1);
  writer.block(Buffer.from('x'));
  expect(() => readCompressed(new ByteReader(writer.finish()))).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED_FORMAT' }),
  );
});
