import { RecordBatch } from '../../../record';
import type { QueueLimit, Settlement } from '../delivery-queue';
import type { QueueWriterOptions } from '../queue-writer';
import { RowSet } from '../row-set';
import { SqliteDeliveryQueue } from '../sqlite-delivery-queue';
import { InProcessQueue } from './in-process';

export const MANY_BYTES = 1e9;
export const PLENTY: QueueLimit = { maxBytes: MANY_BYTES, whenFull: 'block' };

/** A queue in the thread of the test, what serves it, and what it warns of. */
export interface OpenedQueue {
  readonly queue: SqliteDeliveryQueue;
  readonly thread: InProcessQueue;
  readonly warnings: string[];
}

export async function openQueue(directory: string, limits: Partial<QueueWriterOptions> = {}): Promise<OpenedQueue> {
  const warnings: string[] = [];
  const threads: InProcessQueue[] = [];
  const queue = await SqliteDeliveryQueue.open({
    directory,
    maxPendingBytes: MANY_BYTES,
    onWarning: (message) => void warnings.push(message),
    now: () => 1_000,
    caller: (file, options) => {
      const thread = new InProcessQueue(file, { ...options, ...limits });
      threads.push(thread);
      return thread;
    },
  });
  // A file that could not be read has one of its own.
  const thread = threads.at(-1);
  if (thread === undefined) throw new Error('the queue made no thread');
  return { queue, thread, warnings };
}

/** Records with nothing but an id. */
export function batchOf(...ids: readonly (string | number)[]): RecordBatch {
  return RecordBatch.from(ids.map((id) => ({ timestamp: 7, fields: { id: String(id) } })));
}

/** Ids of the records that are still to be delivered, in their order. */
export async function waitingIn(queue: SqliteDeliveryQueue, name: string): Promise<string[]> {
  const entries = await queue.read(name, 0, MANY_BYTES);
  return entries.flatMap(({ batch, done }) => {
    const gone = new RowSet(batch.length, done);
    return [...batch.records()].flatMap(({ fields }, row) => (gone.has(row) ? [] : [fields.id ?? '']));
  });
}

/** Settles the entries whose first records have these ids. */
export async function finishIn(queue: SqliteDeliveryQueue, name: string, ids: readonly string[]): Promise<void> {
  const entries = await queue.read(name, 0, MANY_BYTES);
  const finished = entries.filter(({ batch }) => ids.includes(batch.field(0, 'id') ?? '')).map(({ id }) => id);
  await queue.settle(name, settlement({ finished }));
}

export function settlement(parts: Partial<Settlement>): Settlement {
  return { finished: [], progressed: [], deadLetters: [], maxDeadLetterBytes: MANY_BYTES, ...parts };
}
