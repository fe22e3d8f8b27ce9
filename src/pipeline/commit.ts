import { RecordBatch } from '../record';
import { StorageError } from '../storage/errors';
import type { LogStore } from '../storage/log-store';
import type { ForwarderSink } from './compilers';
import { errorText } from './errors';
import { addFailedBatch } from './failed-records';
import { countFailed, failedWrite, type PendingWrite, type RunResult } from './pipeline-run';

/** What the engine needs of the log store. */
export type StreamStore = Pick<LogStore, 'append' | 'saturated' | 'onDrain'>;

/** Where a run's writes go. */
export interface CommitTargets {
  readonly store: StreamStore;
  readonly forwarders: ForwarderSink;
}

interface FailedWrite {
  readonly write: PendingWrite;
  readonly error: unknown;
}

/**
 * Makes all writes of a run durable, at once.
 *
 * A sender that gets an error sends again. So that this makes no duplicates, back pressure is an error only as long as
 * nothing of the run is written, for want of room in a delivery queue too; once something is, the rest waits for room. What a
 * delivery queue refuses goes to the failed records then, because one forwarder must not make a sender repeat what went elsewhere.
 *
 * @throws the first error of the store, after all writes have come to an end
 */
export async function commitWrites(run: RunResult, targets: CommitTargets): Promise<void> {
  const { writes } = run;
  const [only] = writes;
  if (only === undefined) return;
  for (const write of writes) {
    if (write.kind !== 'forward' || targets.forwarders.isFull?.(write.target) !== true) continue;
    const error = new StorageError(
      'BACK_PRESSURE',
      `the delivery queue of "${write.target}" is full: send again later`,
    );
    throw reject(run, [{ write, error }], { write, error });
  }
  const written = writes.length === 1 ? writeOne(only, targets) : writeAll(writes, targets);
  letGo(writes);
  const failures = await written;
  if (failures.length === 0) return;

  const nothingWritten = failures.length === writes.length;
  const fatal = failures.find(({ write, error }) => write.kind === 'store' && !isBackPressure(error));
  if (fatal !== undefined || (nothingWritten && failures.every(({ error }) => isPassing(error)))) {
    throw reject(run, failures, fatal ?? (failures[0] as FailedWrite));
  }
  await writeLate(run, lateWrites(failures), targets);
}

async function writeAll(writes: readonly PendingWrite[], targets: CommitTargets): Promise<FailedWrite[]> {
  return (await Promise.all(writes.map((write) => writeOne(write, targets)))).flat();
}

/**
 * Who has taken a large batch has encoded it, and holds that until the commit is over. A batch that was refused somewhere keeps its
 * values: the other ways may come to their ends before it is written there, or to the failed records.
 */
function letGo(writes: readonly PendingWrite[]): void {
  const [only] = writes;
  if (writes.length === 1) {
    only?.batch.letGo(1);
    return;
  }
  const ways = new Map<RecordBatch, number>();
  for (const { batch } of writes) ways.set(batch, (ways.get(batch) ?? 0) + 1);
  for (const [batch, count] of ways) batch.letGo(count);
}

/** Writes one batch; an error is part of the answer. */
async function writeOne(write: PendingWrite, targets: CommitTargets): Promise<FailedWrite[]> {
  const { store, forwarders } = targets;
  try {
    if (write.kind === 'store') await store.append(write.target, write.batch);
    else await forwarders.append(write.target, write.batch);
  } catch (error) {
    return [{ write, error }];
  }
  return NO_FAILURES;
}

const NO_FAILURES: FailedWrite[] = [];

/** What is left to be written: batches that the store had no room for, and failed records in place of forwarded ones. */
function lateWrites(failures: readonly FailedWrite[]): PendingWrite[] {
  const late: PendingWrite[] = [];
  const failed = new RecordBatch();
  for (const { write, error } of failures) {
    if (write.kind === 'store') {
      late.push(write);
    } else if (write.node !== undefined) {
      countFailed(write.node, write.batch.length);
      addFailedBatch(failed, write.batch, errorText(error), write.node);
    }
  }
  if (failed.length > 0) late.push(failedWrite(failed));
  return late;
}

/** Writes to the store, waiting for room as often as it takes. */
async function writeLate(run: RunResult, writes: readonly PendingWrite[], targets: CommitTargets): Promise<void> {
  for (let left = writes; left.length > 0;) {
    if (targets.store.saturated) await drained(targets.store);
    const hadRoom = !targets.store.saturated;
    const failures = await writeAll(left, targets);
    // A batch that the store refuses though it has room, before and after, will never get in.
    const stuck = hadRoom && failures.length === left.length && !targets.store.saturated;
    const fatal = failures.find(({ error }) => stuck || !isBackPressure(error));
    if (fatal !== undefined) throw reject(run, failures, fatal);
    left = failures.map(({ write }) => write);
  }
}

function drained(store: StreamStore): Promise<void> {
  return new Promise((resolve) => store.onDrain(resolve));
}

/** Marks the passages that the failed writes belong to as rejected, and returns the error to throw. */
function reject(run: RunResult, failures: readonly FailedWrite[], first: FailedWrite): unknown {
  for (const { write } of failures) {
    if (write.passage === undefined) {
      // Failed records may come from anywhere.
      for (const passage of run.passages) passage.rejected = true;
    }
    for (let passage = write.passage; passage !== undefined; passage = passage.caller) passage.rejected = true;
  }
  return first.error;
}

function isBackPressure(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'BACK_PRESSURE';
}

/** Whether the same write may work later. */
function isPassing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PASSING_FAILURES.has(error.code);
}

const PASSING_FAILURES: ReadonlySet<unknown> = new Set(['BACK_PRESSURE', 'STORE_FULL', 'STORE_FAILED']);
