import fc from 'fast-check';
import { RecordBatch } from '../../record';
import { CommitGroup } from './commit-group';
import { decodeBatch } from './decode-batch';
import { JournalEncoder } from './journal-codec';
import { SharedMemory } from './shared-memory';

const encoder = new JournalEncoder();

function newGroup(memory = new SharedMemory()): CommitGroup {
  return new CommitGroup(encoder, memory);
}

function batchOf(count: number, text: (row: number) => string): RecordBatch {
  return RecordBatch.from(
    Array.from({ length: count }, (_, row) => ({ timestamp: 1_000 + row, fields: { message: text(row) } })),
  );
}

/** Sequence numbers from 1 on, for each stream. */
function counter(): (stream: string, count: number) => number {
  const next = new Map<string, number>();
  return (stream, count) => {
    const first = next.get(stream) ?? 1;
    next.set(stream, first + count);
    return first;
  };
}

function messages(batch: RecordBatch): (string | undefined)[] {
  return Array.from({ length: batch.length }, (_, row) => batch.field(row, 'message'));
}

describe('a commit group', () => {
  test('has all records of a stream in the order of their arrival, whatever the sizes of the batches', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ stream: fc.constantFrom('a', 'b'), size: fc.constantFrom(1, 3, 127, 128, 300) }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.string({ unit: 'grapheme' }),
        (appends, text) => {
          const group = newGroup();
          const expected = new Map<string, string[]>();
          let id = 0;
          for (const { stream, size } of appends) {
            const batch = batchOf(size, () => `${text} ${id++}`);
            group.add(stream, batch, false);
            expected.set(stream, [...(expected.get(stream) ?? []), ...(messages(batch) as string[])]);
            batch.letGo(1);
          }
          const { entries, appended } = group.finish(counter());
          const found = new Map<string, (string | undefined)[]>();
          const next = new Map<string, number>();
          entries.forEach((entry, i) => {
            expect(entry.firstSequence).toBe(next.get(entry.stream) ?? 1);
            next.set(entry.stream, entry.firstSequence + entry.recordCount);
            const decoded = decodeBatch(entry.data);
            expect([entry.minTime, entry.maxTime]).toEqual([
              Math.min(...decoded.timestamps),
              Math.max(...decoded.timestamps),
            ]);
            expect(messages(appended[i]!.batch)).toEqual(messages(decoded));
            found.set(entry.stream, [...(found.get(entry.stream) ?? []), ...messages(decoded)]);
          });
          expect(found).toEqual(expected);
        },
      ),
    );
  });

  test('gives back the values of a batch that was let go, as long as the commit can fail', () => {
    const group = newGroup();
    const first = batchOf(200, (row) => `first ${row}`);
    group.add('s', first, false);
    first.letGo(1);
    // The group's memory grows and moves meanwhile.
    for (let i = 0; i < 20; i++)
      group.add(
        's',
        batchOf(500, (row) => `${'x'.repeat(200)} ${i} ${row}`),
        false,
      );
    expect(first.field(7, 'message')).toBe('first 7');
    first.letGo(1);
    group.finish(counter());
    expect(messages(first)).toEqual(Array.from({ length: 200 }, (_, row) => `first ${row}`));
    // Another attempt, in another group.
    const again = newGroup();
    again.add('s', first, false);
    expect(messages(decodeBatch(again.finish(counter()).entries[0]!.data))).toEqual(messages(first));
  });

  test('has nothing to give any more when its memory serves the next group', () => {
    const group = newGroup();
    const batch = batchOf(200, String);
    group.add('s', batch, false);
    batch.letGo(1);
    group.finish(counter());
    group.release();
    expect(() => batch.columns).toThrow('stored');
    expect(batch.length).toBe(200);
  });

  test('leaves a batch that somebody watches, and small ones, their values', () => {
    const group = newGroup();
    const watched = batchOf(200, String);
    const small = batchOf(3, String);
    group.add('s', watched, true);
    group.add('s', small, false);
    watched.letGo(1);
    small.letGo(1);
    const { appended } = group.finish(counter());
    group.release();
    for (const { batch } of appended) expect(batch.field(2, 'message')).toBe('2');
    expect(small.field(2, 'message')).toBe('2');
  });
});

describe('a batch that goes two ways', () => {
  test('is encoded once, and has its values from whoever still holds it', () => {
    const appended = jest.spyOn(encoder, 'append');
    const [first, second] = [newGroup(), newGroup()];
    const batch = batchOf(200, (row) => `row ${row}`);
    first.add('a', batch, false);
    batch.letGo(2);
    expect(batch.copies).toHaveLength(1);
    first.add('b', batch, false);
    second.add('c', batch, false);
    expect(appended).toHaveBeenCalledTimes(1);
    batch.letGo(3);

    const texts = Array.from({ length: 200 }, (_, row) => `row ${row}`);
    for (const { data } of [...first.finish(counter()).entries, ...second.finish(counter()).entries]) {
      expect(messages(decodeBatch(data))).toEqual(texts);
    }
    first.release();
    expect(messages(batch)).toEqual(texts);
    batch.letGo(3);
    second.release();
    expect(() => batch.columns).toThrow('stored');
  });

  test('keeps its values when one of them took none', () => {
    const group = newGroup();
    const batch = batchOf(200, String);
    group.add('a', batch, false);
    batch.letGo(2);
    group.finish(counter());
    group.release();
    expect(batch.field(3, 'message')).toBe('3');
  });
});

describe('shared memory', () => {
  test('is used again, but for what a burst has left', () => {
    const memory = new SharedMemory();
    const [small, large, huge] = [memory.take(1_000), memory.take(2_000), memory.take(9 * 1024 * 1024)];
    for (const buffer of [small, large, huge]) memory.giveBack(buffer);
    expect(memory.take(1_500).buffer).toBe(large.buffer);
    expect(memory.take(1_000).buffer).toBe(small.buffer);
    expect(memory.take(9 * 1024 * 1024).buffer).not.toBe(huge.buffer);
    expect(small.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  test('keeps the largest of many', () => {
    const memory = new SharedMemory();
    const buffers = [1_000, 5_000, 2_000, 4_000, 3_000].map((bytes) => memory.take(bytes));
    for (const buffer of buffers) memory.giveBack(buffer);
    expect(memory.take(1_000).length).toBeGreaterThanOrEqual(3_000);
  });
});
