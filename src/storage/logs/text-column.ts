import { StorageError } from '../errors';
import type { ByteReader } from './byte-reader';
import type { ByteWriter } from './byte-writer';

/** Writes texts as their lengths (UTF-16 units) followed by all of them in one UTF-8 text. */
export function writeTexts(writer: ByteWriter, texts: readonly string[]): void {
  const lengths = new Uint32Array(texts.length);
  for (let i = 0; i < texts.length; i++) lengths[i] = (texts[i] as string).length;
  writer.varint(texts.length);
  writeLengths(writer, lengths);
  writer.text(texts.join(''));
}

/** Reads what {@link writeTexts} wrote. */
export function readTexts(reader: ByteReader): string[] {
  const count = reader.varint();
  if (count > reader.remaining) throw new StorageError('CORRUPT_DATA', 'more texts than bytes');
  const lengths = readLengths(reader, count);
  const joined = reader.text();
  const texts: string[] = new Array<string>(count);
  let position = 0;
  for (let i = 0; i < count; i++) {
    const end = position + (lengths[i] as number);
    texts[i] = joined.substring(position, end);
    position = end;
  }
  if (position !== joined.length) throw new StorageError('CORRUPT_DATA', 'text lengths do not add up');
  return texts;
}

/** Writes unsigned 32-bit numbers with as many bytes each as the largest needs. */
export function writeLengths(writer: ByteWriter, lengths: Uint32Array): void {
  let largest = 0;
  for (let i = 0; i < lengths.length; i++) {
    const length = lengths[i] as number;
    if (length > largest) largest = length;
  }
  if (largest <= 0xff) {
    writer.byte(1);
    writer.bytes(Uint8Array.from(lengths));
  } else if (largest <= 0xffff) {
    writer.byte(2);
    writer.bytes(new Uint8Array(Uint16Array.from(lengths).buffer));
  } else {
    writer.byte(4);
    writer.bytes(new Uint8Array(lengths.buffer, lengths.byteOffset, lengths.byteLength));
  }
}

/** Reads what {@link writeLengths} wrote. */
export function readLengths(reader: ByteReader, count: number): Uint32Array {
  const width = reader.byte();
  const bytes = reader.bytes(count * width);
  const lengths = new Uint32Array(count);
  if (width === 1) {
    for (let i = 0; i < count; i++) lengths[i] = bytes[i] as number;
  } else if (width === 2) {
    for (let i = 0; i < count; i++) lengths[i] = (bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8);
  } else if (width === 4) {
    for (let i = 0; i < count; i++) lengths[i] = bytes.readUInt32LE(4 * i);
  } else {
    throw new StorageError('CORRUPT_DATA', `unknown number width ${width}`);
  }
  return lengths;
}
