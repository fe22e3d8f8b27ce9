import { StorageError } from '../errors';
import { ByteReader } from '../logs/byte-reader';
import { ByteWriter } from '../logs/byte-writer';
import { checksum } from '../logs/checksum';
import { readCompressed, writeCompressed } from '../logs/compression';

/** An entry as it crosses threads: the batch is encoded, not compressed. */
export interface StoredEntry {
  readonly id: number;
  readonly appendedAt: number;
  readonly recordCount: number;
  readonly done: Uint8Array | undefined;
  readonly data: Uint8Array<ArrayBuffer>;
}

/** An entry's row without its data. */
export interface EntryMeta {
  readonly id: number;
  readonly remaining: number;
  readonly byte_count: number;
}

export interface EntryRow extends EntryMeta {
  readonly appended_at: number;
  readonly record_count: number;
  readonly done: Buffer | null;
  readonly checksum: number;
  readonly data: Buffer;
}

/** The bytes of an encoded batch as they are stored. */
export function pack(data: Uint8Array): Uint8Array {
  const writer = new ByteWriter(data.length);
  writeCompressed(writer, data, 'passing');
  return writer.finish();
}

/** The entry of a row; undefined when it can't be read. */
export function openEntry(row: EntryRow): StoredEntry | undefined {
  if (checksum(row.data) !== row.checksum) return undefined;
  try {
    const raw = readCompressed(new ByteReader(row.data));
    return {
      id: row.id,
      appendedAt: row.appended_at,
      recordCount: row.record_count,
      done: row.done === null ? undefined : Uint8Array.from(row.done),
      // A buffer of its own, to be handed to the other thread.
      data: Uint8Array.from(raw),
    };
  } catch (error) {
    if (error instanceof StorageError) return undefined;
    throw error;
  }
}
