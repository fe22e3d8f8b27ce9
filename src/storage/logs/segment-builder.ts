import { buildBloomFilter } from './bloom-filter';
import { ConstantColumn, DictionaryColumn, PlainColumn, type Column } from './column';
import type { CompressionLevel } from './compression';
import { encodeColumn, encodeRows, type StoredColumn } from './segment-codec';
import { addTokens, HashSet } from './token';

/** Records in the form in which the store keeps them: a journal batch or a segment. */
export interface RecordSource {
  readonly length: number;
  /** Time of arrival of each row, milliseconds since the Unix epoch. */
  readonly timestamps: Float64Array;
  /** Sequence number of each row. */
  readonly sequences: Float64Array;
  readonly names: Iterable<string>;
  column(name: string): Column | undefined;
}

/** A segment that is ready to be written. */
export interface BuiltSegment {
  readonly recordCount: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly minSequence: number;
  readonly maxSequence: number;
  /** Encoded arrival times and sequence numbers. */
  readonly rows: Uint8Array;
  readonly columns: readonly StoredColumn[];
  /** Bytes of rows, columns and filters. */
  readonly storedBytes: number;
}

/** Largest dictionary: codes are 16-bit and 0 says "absent". */
const MAX_DICTIONARY_VALUES = 65_535;

/** A dictionary is worth its lookups when each value stands for so many rows on average. */
const MIN_ROWS_PER_VALUE = 4;

/** Rows looked at before a dictionary is tried at all. */
const SAMPLE_ROWS = 512;

/** Up to so many rows a scan is cheaper than a filter. */
const MIN_FILTERED_ROWS = 256;

/** Merges sources into one segment whose rows are in order of (arrival time, sequence number). */
export function buildSegment(sources: readonly RecordSource[], level: CompressionLevel): BuiltSegment {
  const timestamps = concatenate(sources.map((source) => source.timestamps));
  const sequences = concatenate(sources.map((source) => source.sequences));
  const order = rowOrder(timestamps, sequences);
  const sortedTimes = permute(timestamps, order);
  const sortedSequences = permute(sequences, order);
  const names = new Set<string>();
  for (const source of sources) for (const name of source.names) names.add(name);

  const columns: StoredColumn[] = [];
  for (const name of names) {
    const column = mergeColumns(sources, name, order);
    // In a hurry there is no time for filters: the segment gets them when it is rewritten.
    columns.push(encodeColumn(name, column, level === 'dense' ? tokenFilter(column) : null, level));
  }
  const rows = encodeRows(sortedTimes, sortedSequences);
  let storedBytes = rows.length;
  for (const column of columns) storedBytes += columnBytes(column);
  return {
    recordCount: sortedTimes.length,
    minTime: sortedTimes[0] as number,
    maxTime: sortedTimes[sortedTimes.length - 1] as number,
    minSequence: smallest(sequences),
    maxSequence: largest(sequences),
    rows,
    columns,
    storedBytes,
  };
}

function columnBytes(column: StoredColumn): number {
  return (
    column.name.length + (column.dictionary?.length ?? 0) + (column.filter?.length ?? 0) + (column.data?.length ?? 0)
  );
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/** The rows in order; undefined when they are in order already, as they nearly always are. */
function rowOrder(timestamps: Float64Array, sequences: Float64Array): Uint32Array | undefined {
  const before = (a: number, b: number): number =>
    (timestamps[a] as number) - (timestamps[b] as number) || (sequences[a] as number) - (sequences[b] as number);
  let sorted = true;
  for (let row = 1; row < timestamps.length && sorted; row++) sorted = before(row - 1, row) <= 0;
  if (sorted) return undefined;
  return Uint32Array.from(timestamps, (_, row) => row).sort(before);
}

function permute(values: Float64Array, order: Uint32Array | undefined): Float64Array {
  return order === undefined ? values : Float64Array.from(order, (row) => values[row] as number);
}

function smallest(values: Float64Array): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

function largest(values: Float64Array): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** One column over the rows of all sources. */
function mergeColumns(sources: readonly RecordSource[], name: string, order: Uint32Array | undefined): Column {
  const parts: ColumnPart[] = sources.map((source) => ({ length: source.length, column: source.column(name) }));
  const constant = constantOf(parts);
  if (constant !== undefined) return constant;
  const merged = mergeDictionary(parts) ?? mergePlain(parts);
  return order === undefined ? merged : reorder(merged, order);
}

interface ColumnPart {
  readonly length: number;
  readonly column: Column | undefined;
}

function constantOf(parts: readonly ColumnPart[]): ConstantColumn | undefined {
  const first = parts[0]?.column;
  if (first?.kind !== 'constant') return undefined;
  let rows = 0;
  for (const { column, length } of parts) {
    if (column?.kind !== 'constant' || column.constant !== first.constant) return undefined;
    rows += length;
  }
  return new ConstantColumn(rows, first.constant);
}

function mergeDictionary(parts: readonly ColumnPart[]): DictionaryColumn | ConstantColumn | undefined {
  const rows = parts.reduce((sum, part) => sum + part.length, 0);
  const limit = Math.min(MAX_DICTIONARY_VALUES, Math.max(1, Math.floor(rows / MIN_ROWS_PER_VALUE)));
  if (!looksRepetitive(parts)) return undefined;
  const codes = new Uint16Array(rows);
  const codeByValue = new Map<string, number>();
  const codeOf = (value: string): number => {
    let code = codeByValue.get(value);
    if (code === undefined) {
      code = codeByValue.size + 1;
      codeByValue.set(value, code);
    }
    return code;
  };
  let position = 0;
  for (const { length, column } of parts) {
    if (column?.kind === 'constant') {
      codes.fill(codeOf(column.constant), position, position + length);
    } else if (column?.kind === 'dictionary') {
      const translation = [0, ...column.dictionary.map(codeOf)];
      for (let row = 0; row < length; row++) codes[position + row] = translation[column.codes[row] as number] as number;
    } else if (column !== undefined) {
      for (let row = 0; row < length; row++) {
        const value = column.value(row);
        if (value !== undefined) codes[position + row] = codeOf(value);
        if (codeByValue.size > limit) return undefined;
      }
    }
    if (codeByValue.size > limit) return undefined;
    position += length;
  }
  const dictionary = [...codeByValue.keys()];
  return new DictionaryColumn(dictionary, dictionary.length < 256 ? Uint8Array.from(codes) : codes);
}

/** Looks at some values of the plain parts: do any repeat? Saves the work of a dictionary that cannot pay. */
function looksRepetitive(parts: readonly ColumnPart[]): boolean {
  const plain = parts.filter((part) => part.column?.kind === 'plain');
  if (plain.length === 0) return true;
  const seen = new Set<string>();
  let looked = 0;
  for (const { column, length } of plain) {
    const share = Math.ceil(SAMPLE_ROWS / plain.length);
    for (let row = 0; row < Math.min(length, share); row++) {
      const value = column?.value(row);
      if (value === undefined) continue;
      seen.add(value);
      looked++;
    }
  }
  return seen.size * 2 <= looked;
}

function mergePlain(parts: readonly ColumnPart[]): PlainColumn {
  const sizes = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  const texts: string[] = [];
  let position = 0;
  for (const { length, column } of parts) {
    if (column?.kind === 'plain') {
      texts.push(column.text);
      sizes.set(column.sizes, position);
    } else if (column !== undefined) {
      for (let row = 0; row < length; row++) {
        const value = column.value(row);
        if (value === undefined) continue;
        texts.push(value);
        sizes[position + row] = value.length + 1;
      }
    }
    position += length;
  }
  return new PlainColumn(texts.join(''), sizes);
}

function reorder(column: Column, order: Uint32Array): Column {
  switch (column.kind) {
    case 'constant':
      return column;
    case 'dictionary': {
      const codes = column.codes.slice();
      for (let row = 0; row < order.length; row++) codes[row] = column.codes[order[row] as number] as number;
      return new DictionaryColumn(column.dictionary, codes);
    }
    case 'plain': {
      const texts: string[] = [];
      const sizes = new Uint32Array(order.length);
      for (let row = 0; row < order.length; row++) {
        const source = order[row] as number;
        sizes[row] = column.sizes[source] as number;
        texts.push(column.value(source) ?? '');
      }
      return new PlainColumn(texts.join(''), sizes);
    }
  }
}

/** The filter by which queries skip the segment; dictionaries need none, they are looked at themselves. */
function tokenFilter(column: Column): Uint8Array | null {
  if (column.kind !== 'plain' || column.length < MIN_FILTERED_ROWS) return null;
  const tokens = new HashSet();
  const offsets = column.offsets;
  for (let row = 0; row < column.length; row++) {
    addTokens(column.text, offsets[row] as number, offsets[row + 1] as number, tokens);
  }
  return buildBloomFilter(tokens);
}
