import fc from 'fast-check';
import { RecordBatch } from '../../record';
import { BatchBuffer, type EncodedBatch } from './batch-buffer';
import { decodeBatch } from './decode-batch';
import { JournalEncoder } from './journal-codec';
import { SharedMemory } from './shared-memory';

/** A store and a delivery queue, each with memory of its own. */
const ENDS = ['store', 'queue'] as const;
type End = (typeof ENDS)[number];

const SIZES = [1, 127, 128, 300];
/** More than the first memory of a buffer, so that it grows while others have copies in it. */
const LARGE_TEXT = 'x'.repeat(6_000);

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      size: fc.constantFrom(...SIZES),
      isLarge: fc.boolean(),
      /** The ways that a batch goes, and those that refuse it. */
      ways: fc.array(
        fc.record({
          end: fc.constantFrom(...ENDS),
          target: fc.constantFrom('a', 'b'),
          isRefused: fc.boolean(),
          isWatched: fc.boolean(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('commit' as const), end: fc.constantFrom(...ENDS) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('answer' as const), end: fc.constantFrom(...ENDS), works: fc.boolean() }),
  },
);

/** What is on its way to one end. */
interface Group {
  readonly buffer: BatchBuffer;
  readonly expected: Map<string, string[]>;
  readonly batches: Sent[];
  encoded: EncodedBatch[];
}

interface Sent {
  readonly batch: RecordBatch;
  readonly values: readonly string[];
  /** Groups that have not been answered, or failed: their senders may still ask for the values. */
  open: number;
  wasRefused: boolean;
}

function valuesOf(batch: RecordBatch): string[] {
  return [...batch.records()].map(({ fields }) => `${fields.id} ${fields.text}`);
}

test('whatever shares a batch, refuses or loses it: each end reads its values, and so does whoever has to write it anew', () => {
  const encoder = new JournalEncoder();
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const memories = new Map<End, SharedMemory>(ENDS.map((end) => [end, new SharedMemory()]));
      const newGroup = (end: End): Group => {
        return {
          buffer: new BatchBuffer(encoder, memories.get(end)!),
          expected: new Map(),
          batches: [],
          encoded: [],
        };
      };
      const filling = new Map<End, Group>(ENDS.map((end) => [end, newGroup(end)]));
      const committing = new Map<End, Group[]>(ENDS.map((end) => [end, []]));
      const kept: Sent[] = [];
      let id = 0;

      /** As its thread reads it, at the last moment before it answers. */
      const expectWhole = ({ encoded, expected }: Group): void => {
        const found = new Map<string, string[]>();
        for (const { target, data } of encoded) {
          found.set(target, [...(found.get(target) ?? []), ...valuesOf(decodeBatch(data))]);
        }
        expect(found).toEqual(expected);
      };

      for (const each of steps) {
        if (each.kind === 'append') {
          const text = each.isLarge ? LARGE_TEXT : 'ü';
          const batch = RecordBatch.from(
            Array.from({ length: each.size }, () => ({ timestamp: id, fields: { id: String(id++), text } })),
          );
          const sent: Sent = { batch, values: valuesOf(batch), open: 0, wasRefused: false };
          for (const { end, target, isRefused, isWatched } of each.ways) {
            if (isRefused) {
              sent.wasRefused = true;
              continue;
            }
            const group = filling.get(end)!;
            group.buffer.add(target, batch, isWatched);
            group.expected.set(target, [...(group.expected.get(target) ?? []), ...sent.values]);
            group.batches.push(sent);
            sent.open++;
          }
          batch.letGo(each.ways.length);
          kept.push(sent);
        } else if (each.kind === 'commit') {
          const group = filling.get(each.end)!;
          group.encoded = group.buffer.finish();
          committing.get(each.end)!.push(group);
          filling.set(each.end, newGroup(each.end));
        } else {
          const group = committing.get(each.end)!.shift();
          if (group === undefined) continue;
          expectWhole(group);
          if (!each.works) continue;
          group.buffer.release();
          for (const sent of group.batches) sent.open--;
        }
        for (const groups of committing.values()) groups.forEach(expectWhole);
      }
      for (const { batch, values, open, wasRefused } of kept) {
        if (open > 0 || wasRefused) expect(valuesOf(batch)).toEqual(values);
      }
    }),
    { numRuns: 60 },
  );
});
