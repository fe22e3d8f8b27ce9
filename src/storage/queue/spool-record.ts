import { StorageError } from '../errors';
import { ByteReader } from '../logs/byte-reader';
import { ByteWriter } from '../logs/byte-writer';
import { checksum } from '../logs/checksum';

/** What a record of the spool is: some log records for a queue, or what became of earlier ones. */
export type SpoolRecordKind = 'entry' | 'settlement';

/** What stands ahead of a record's data. */
export interface SpoolRecordHeader {
  readonly kind: SpoolRecordKind;
  readonly queueId: number;
  /** The entry's id; 0 for a settlement. */
  readonly id: number;
  /** When it was appended, milliseconds since the Unix epoch. */
  readonly at: number;
  /** Log records of an entry; 0 for a settlement. */
  readonly recordCount: number;
  readonly dataBytes: number;
  readonly dataChecksum: number;
}

/** What became of entries of one queue. */
export interface SpoolSettlement {
  /** Entries of which no row is left. */
  readonly finished: readonly number[];
  /** Entries of which some rows are left, with a bit for each that is not. */
  readonly progressed: readonly { readonly id: number; readonly done: Uint8Array; readonly remaining: number }[];
}

/** Layout of a header, all little endian: magic, checksum of the salt and what follows, and then the fields as they are written below. */
export const RECORD_HEADER_BYTES = 48;
const MAGIC = 0x5250534c;
const CHECKED_FROM = 8;
const KINDS: readonly SpoolRecordKind[] = ['entry', 'settlement'];

/**
 * @param salt what nobody outside knows, the spool's uid: else a log record could hold what looks like a header, and be taken for one
 *   where the file is damaged
 */
export function encodeHeader(header: SpoolRecordHeader, salt: Uint8Array): Buffer {
  const bytes = Buffer.alloc(RECORD_HEADER_BYTES);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(header.dataChecksum, 8);
  bytes.writeUInt32LE(header.dataBytes, 12);
  bytes.writeUInt32LE(KINDS.indexOf(header.kind), 16);
  bytes.writeUInt32LE(header.recordCount, 20);
  bytes.writeUInt32LE(header.queueId, 24);
  bytes.writeDoubleLE(header.id, 32);
  bytes.writeDoubleLE(header.at, 40);
  bytes.writeUInt32LE(checksum(salt, bytes.subarray(CHECKED_FROM)), 4);
  return bytes;
}

/** The header at an offset; undefined when there is none that is whole. */
export function decodeHeader(bytes: Buffer, offset: number, salt: Uint8Array): SpoolRecordHeader | undefined {
  if (offset + RECORD_HEADER_BYTES > bytes.length || bytes.readUInt32LE(offset) !== MAGIC) return undefined;
  const header = bytes.subarray(offset, offset + RECORD_HEADER_BYTES);
  const kind = KINDS[header.readUInt32LE(16)];
  if (kind === undefined || header.readUInt32LE(4) !== checksum(salt, header.subarray(CHECKED_FROM))) return undefined;
  return {
    kind,
    dataChecksum: header.readUInt32LE(8),
    dataBytes: header.readUInt32LE(12),
    recordCount: header.readUInt32LE(20),
    queueId: header.readUInt32LE(24),
    id: header.readDoubleLE(32),
    at: header.readDoubleLE(40),
  };
}

/** Where the next whole header is, from an offset on; undefined when there is none. */
export function findHeader(bytes: Buffer, from: number, salt: Uint8Array): number | undefined {
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(MAGIC);
  for (let at = bytes.indexOf(magic, from); at >= 0; at = bytes.indexOf(magic, at + 1)) {
    if (decodeHeader(bytes, at, salt) !== undefined) return at;
  }
  return undefined;
}

export function encodeSettlement({ finished, progressed }: SpoolSettlement): Uint8Array {
  const writer = new ByteWriter(64);
  writer.varint(finished.length);
  for (const id of finished) writer.varint(id);
  writer.varint(progressed.length);
  for (const { id, done, remaining } of progressed) {
    writer.varint(id);
    writer.varint(remaining);
    writer.block(done);
  }
  return writer.finish();
}

/** @throws StorageError `CORRUPT_DATA` */
export function decodeSettlement(bytes: Uint8Array): SpoolSettlement {
  const reader = new ByteReader(bytes);
  const count = (): number => {
    const value = reader.varint();
    if (value > reader.remaining) throw new StorageError('CORRUPT_DATA', 'more ids than bytes');
    return value;
  };
  const finished = Array.from({ length: count() }, () => reader.varint());
  const progressed = Array.from({ length: count() }, () => {
    const id = reader.varint();
    const remaining = reader.varint();
    return { id, remaining, done: Uint8Array.from(reader.block()) };
  });
  return { finished, progressed };
}
