import { StorageError } from '../errors';
import { ByteReader } from './byte-reader';
import { ByteWriter } from './byte-writer';
import { checksum } from './checksum';
import { ConstantColumn, DictionaryColumn, PlainColumn, type Column } from './column';
import { compressed, decompressed, readCompressed, writeCompressed, type CompressionLevel } from './compression';
import { readLengths, readTexts, writeLengths, writeTexts } from './text-column';

/**
 * Format of the segments that are written. Format 1 had DEFLATE where there is Brotli now; a block tells which it is, so that both are read.
 */
export const SEGMENT_FORMAT_VERSION = 2;

/** How a segment stores a field; the numbers are part of the format. */
export const COLUMN_ENCODING = Object.freeze({ constant: 0, dictionary: 1, plain: 2 });

/** One field of a segment as it lies in the database. */
export interface StoredColumn {
  readonly name: string;
  readonly encoding: number;
  /** The distinct values (constant, dictionary), compressed; null for plain columns. */
  readonly dictionary: Uint8Array | null;
  /** Bloom filter of the tokens of a plain column; null when there is none. */
  readonly filter: Uint8Array | null;
  /** Codes (dictionary) or sizes and text (plain), compressed; null for constants. */
  readonly data: Uint8Array | null;
  /** CRC-32 of dictionary and data. */
  readonly checksum: number;
}

/** Encodes a column for a segment; `filter` goes with plain columns. */
export function encodeColumn(
  name: string,
  column: Column,
  filter: Uint8Array | null,
  level: CompressionLevel,
): StoredColumn {
  const { dictionary, data } = encodeValues(column, level);
  const encoding = COLUMN_ENCODING[column.kind];
  return { name, encoding, dictionary, filter, data, checksum: checksum(dictionary, data) };
}

function encodeValues(
  column: Column,
  level: CompressionLevel,
): { dictionary: Uint8Array | null; data: Uint8Array | null } {
  switch (column.kind) {
    case 'constant':
      return { dictionary: compressed(level, (writer) => writeTexts(writer, [column.constant])), data: null };
    case 'dictionary': {
      const codes = new Uint8Array(column.codes.buffer, column.codes.byteOffset, column.codes.byteLength);
      return {
        dictionary: compressed(level, (writer) => writeTexts(writer, column.dictionary)),
        data: compressed(level, (writer) => {
          writer.byte(column.codes.BYTES_PER_ELEMENT);
          writer.bytes(codes);
        }),
      };
    }
    case 'plain': {
      const data = new ByteWriter();
      const sizes = new ByteWriter();
      writeLengths(sizes, column.sizes);
      writeCompressed(data, sizes.finish(), level);
      writeCompressed(data, Buffer.from(column.text, 'utf8'), level);
      return { dictionary: null, data: data.finish() };
    }
  }
}

/** Reads the distinct values of a constant or dictionary column. */
export function decodeDictionary(bytes: Uint8Array): string[] {
  return readTexts(decompressed(bytes));
}

/** Rebuilds a column of `rows` rows. @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT` */
export function decodeColumn(stored: StoredColumn, rows: number): Column {
  if (checksum(stored.dictionary, stored.data) !== stored.checksum) {
    throw new StorageError('CORRUPT_DATA', `checksum of field ${JSON.stringify(stored.name)} does not match`);
  }
  switch (stored.encoding) {
    case COLUMN_ENCODING.constant: {
      const [value] = decodeDictionary(required(stored.dictionary));
      return new ConstantColumn(rows, value ?? '');
    }
    case COLUMN_ENCODING.dictionary: {
      const dictionary = decodeDictionary(required(stored.dictionary));
      const reader = decompressed(required(stored.data));
      return new DictionaryColumn(dictionary, readCodes(reader, rows));
    }
    case COLUMN_ENCODING.plain: {
      const reader = new ByteReader(required(stored.data));
      const sizes = readLengths(new ByteReader(readCompressed(reader)), rows);
      return new PlainColumn(readCompressed(reader).toString('utf8'), sizes);
    }
    default:
      throw new StorageError('UNSUPPORTED_FORMAT', `unknown column encoding ${stored.encoding}`);
  }
}

function readCodes(reader: ByteReader, rows: number): Uint8Array | Uint16Array {
  const width = reader.byte();
  const bytes = reader.bytes(rows * width);
  if (width === 1) return bytes;
  if (width !== 2) throw new StorageError('CORRUPT_DATA', `unknown code width ${width}`);
  // Copied: a 16-bit view needs an even start.
  return new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function required(bytes: Uint8Array | null): Uint8Array {
  if (bytes === null) throw new StorageError('CORRUPT_DATA', 'a part of the column is missing');
  return bytes;
}

/** Encodes arrival times (ms) and sequence numbers of a segment's rows. */
export function encodeRows(timestamps: Float64Array, sequences: Float64Array): Uint8Array<ArrayBuffer> {
  return compressed('dense', (writer) => {
    writeDeltas(writer, timestamps);
    writeDeltas(writer, sequences);
  });
}

/** Reads what {@link encodeRows} wrote. */
export function decodeRows(bytes: Uint8Array, rows: number): { timestamps: Float64Array; sequences: Float64Array } {
  const reader = decompressed(bytes);
  return { timestamps: readDeltas(reader, rows), sequences: readDeltas(reader, rows) };
}

function writeDeltas(writer: ByteWriter, values: Float64Array): void {
  let previous = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    writer.signedVarint(value - previous);
    previous = value;
  }
}

function readDeltas(reader: ByteReader, count: number): Float64Array {
  if (count > reader.remaining) throw new StorageError('CORRUPT_DATA', 'more rows than bytes');
  const values = new Float64Array(count);
  let previous = 0;
  for (let i = 0; i < count; i++) {
    previous += reader.signedVarint();
    values[i] = previous;
  }
  return values;
}
