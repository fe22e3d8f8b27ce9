import fc from 'fast-check';
import { RecordBatch, type LogRecord } from '../../record';
import { checksum } from './checksum';
import { JournalEncoder } from './journal-codec';
import type { ColumnRow, JournalMeta, SegmentMeta } from './rows';
import { buildSegment, type BuiltSegment } from './segment-builder';
import { SEGMENT_FORMAT_VERSION } from './segment-codec';
import { JournalSource, SegmentSource } from './stored-sources';

/** What the store is to give back: a record and the sequence number it got. */
interface Numbered {
  readonly sequence: number;
  readonly record: LogRecord;
}

function journalSource(batch: RecordBatch, firstSequence: number): JournalSource {
  const data = new JournalEncoder().encode(batch);
  const meta = { id: 1, first_sequence: firstSequence, checksum: checksum(data) } as JournalMeta;
  return new JournalSource(meta, data);
}

function stored(segment: BuiltSegment): SegmentSource {
  const meta = {
    id: 1,
    format_version: SEGMENT_FORMAT_VERSION,
    record_count: segment.recordCount,
    checksum: checksum(segment.rows),
  } as SegmentMeta;
  return new SegmentSource(meta, segment.rows, segment.columns as unknown as ColumnRow[]);
}

function read(source: JournalSource | SegmentSource): Numbered[] {
  const columns = [...source.names].map((name) => [name, source.column(name)] as const);
  return Array.from({ length: source.length }, (_, row) => {
    const fields = Object.create(null) as Record<string, string>;
    for (const [name, column] of columns) {
      const value = column?.value(row);
      if (value !== undefined) fields[name] = value;
    }
    return {
      sequence: source.sequences[row] as number,
      record: { timestamp: source.timestamps[row] as number, fields },
    };
  });
}

function numbered(batches: readonly RecordBatch[]): Numbered[] {
  let sequence = 0;
  return batches
    .flatMap((batch) => [...batch.records()].map((record) => ({ sequence: ++sequence, record })))
    .sort((a, b) => a.record.timestamp - b.record.timestamp || a.sequence - b.sequence);
}

function sources(batches: readonly RecordBatch[]): JournalSource[] {
  let sequence = 1;
  return batches.map((batch) => {
    const source = journalSource(batch, sequence);
    sequence += batch.length;
    return source;
  });
}

const fieldName = fc.oneof(
  fc.constantFrom('message', 'host', 'level', '', '__proto__', 'a.b'),
  fc.string({ unit: 'grapheme' }),
);
const fieldValue = fc.oneof(fc.constantFrom('', 'info', 'error'), fc.string({ unit: 'binary' }), fc.string());
const record = fc.record({
  timestamp: fc.integer({ min: 0, max: 4_102_444_800_000 }),
  fields: fc.dictionary(fieldName, fieldValue, { noNullPrototype: false, maxKeys: 8 }),
});
const batch = fc.array(record, { minLength: 1, maxLength: 40 }).map((records) => RecordBatch.from(records));

test('a journal batch reads back as it was written', () => {
  fc.assert(
    fc.property(batch, (written) => {
      const expected = [...written.records()].map((entry, row) => ({ sequence: 7 + row, record: entry }));
      expect(read(journalSource(written, 7))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('a segment holds all records of its sources in order of time, whatever they contain', () => {
  fc.assert(
    fc.property(fc.array(batch, { minLength: 1, maxLength: 5 }), fc.constantFrom('fast', 'dense'), (batches, level) => {
      expect(read(stored(buildSegment(sources(batches), level as 'fast')))).toEqual(numbered(batches));
    }),
    { numRuns: 200 },
  );
});

test('merging segments gives the same as sealing everything at once', () => {
  fc.assert(
    fc.property(fc.array(batch, { minLength: 2, maxLength: 4 }), (batches) => {
      const small = sources(batches).map((source) => stored(buildSegment([source], 'fast')));
      expect(read(stored(buildSegment(small, 'dense')))).toEqual(numbered(batches));
    }),
    { numRuns: 100 },
  );
});

test('columns of every kind merge: constant, dictionary, plain and absent', () => {
  const make = (values: readonly (string | undefined)[]): RecordBatch =>
    RecordBatch.from(
      values.map((value, i) => ({ timestamp: i, fields: value === undefined ? {} : { field: value } }) as LogRecord),
    );
  const constant = make(Array<string>(300).fill('same'));
  const few = make(Array.from({ length: 300 }, (_, i) => `value ${i % 5}`));
  const many = make(Array.from({ length: 300 }, (_, i) => `unique value ${i}`));
  const gaps = make(Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? undefined : `x${i % 7}`)));
  const absent = RecordBatch.from(Array.from({ length: 300 }, (_, i) => ({ timestamp: i, fields: { other: 'y' } })));
  const all = [constant, few, many, gaps, absent];
  for (const first of all) {
    for (const second of all) {
      const batches = [first, second];
      expect(read(stored(buildSegment(sources(batches), 'fast')))).toEqual(numbered(batches));
    }
  }
});

test('a record with 10,000 fields and one with a value of 1 MB survive', () => {
  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`field ${i}`, `value ${i}`]));
  const large = 'ä€😀 log '.repeat(110_000);
  const batches = [
    RecordBatch.from([{ timestamp: 1, fields: wide }]),
    RecordBatch.from([{ timestamp: 2, fields: { large } }]),
  ];
  expect(read(stored(buildSegment(sources(batches), 'dense')))).toEqual(numbered(batches));
});

test('a lone surrogate becomes U+FFFD and leaves its neighbours alone', () => {
  const values = ['a\ud83d', '\ude00b', 'c\udc00d', 'plain'];
  const written = RecordBatch.from(values.map((message, i) => ({ timestamp: i, fields: { message } })));
  const messages = read(journalSource(written, 1)).map((entry) => entry.record.fields.message);
  // The first two stand next to each other as a pair and are taken apart again.
  expect(messages).toEqual(['a\ud83d', '\ude00b', 'c\ufffdd', 'plain']);
});

test('every flipped byte of a journal batch is noticed', () => {
  const data = new JournalEncoder().encode(
    RecordBatch.from([{ timestamp: 5, fields: { message: 'hello', host: 'a' } }]),
  );
  const meta = { id: 1, first_sequence: 1, checksum: checksum(data) } as JournalMeta;
  for (let i = 0; i < data.length; i++) {
    const broken = data.slice();
    broken[i] = (broken[i] as number) ^ 0x10;
    expect(() => new JournalSource(meta, broken)).toThrow('checksum');
  }
});

test('a format from the future is refused by name, not misread', () => {
  const data = new JournalEncoder().encode(RecordBatch.from([{ timestamp: 5, fields: { a: 'b' } }]));
  data[0] = 99;
  const meta = { id: 1, first_sequence: 1, checksum: checksum(data) } as JournalMeta;
  expect(() => new JournalSource(meta, data)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_FORMAT' }));
});

test('truncated bytes under a right checksum end in CORRUPT_DATA, never in wrong records', () => {
  const data = new JournalEncoder().encode(
    RecordBatch.from(
      Array.from({ length: 20 }, (_, i) => ({ timestamp: i, fields: { message: `m ${i}`, host: 'h' } })),
    ),
  );
  for (let length = 1; length < data.length; length++) {
    const cut = data.slice(0, length);
    const meta = { id: 1, first_sequence: 1, checksum: checksum(cut) } as JournalMeta;
    expect(() => {
      const source = new JournalSource(meta, cut);
      for (const name of source.names) source.column(name);
    }).toThrow(expect.objectContaining({ code: 'CORRUPT_DATA' }));
  }
});
