import type { RecordBatch } from '../../record';
import {
  PermanentFailure,
  TemporaryFailure,
  type DeliveryIds,
  type Destination,
  type RefusedRecord,
} from '../destination';

/** How an attempt to deliver a batch ended. */
export type AttemptResult =
  | {
      readonly kind: 'answered';
      readonly refused: readonly RefusedRecord[];
      readonly retry: readonly RefusedRecord[];
      readonly retryAfterMs: number | undefined;
      /** What is wrong all the same, for people. */
      readonly warning: string | undefined;
    }
  /** Nothing was taken, for now. `hung`: the destination did not even heed that its time was up. */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly retryAfterMs: number | undefined;
      readonly hung: boolean;
    }
  /** Nothing will ever be taken. */
  | { readonly kind: 'refused'; readonly reason: string };

/** How long a destination may take to heed that it was aborted, in milliseconds. */
const ABORT_GRACE_MS = 1_000;

/** Longest text of a destination that is kept, in characters. */
const MAX_REASON_LENGTH = 2_000;

/**
 * Offers a batch once.
 *
 * @param abandon aborts the attempt early
 */
export async function attempt(
  destination: Destination,
  batch: RecordBatch,
  ids: DeliveryIds,
  timeoutMs: number,
  abandon: AbortSignal,
): Promise<AttemptResult> {
  const controller = new AbortController();
  const cut = (reason: string): void => controller.abort(new TemporaryFailure(reason));
  const timer = setTimeout(() => cut(`no answer within ${timeoutMs} ms`), timeoutMs);
  const onAbandon = (): void => cut('the delivery was stopped');
  if (abandon.aborted) onAbandon();
  abandon.addEventListener('abort', onAbandon, { once: true });
  let graceTimer: NodeJS.Timeout | undefined;
  try {
    const hung = new Promise<AttemptResult>((resolve) => {
      controller.signal.addEventListener('abort', () => {
        const result: AttemptResult = { ...failed(controller.signal.reason), hung: true };
        graceTimer = setTimeout(() => resolve(result), ABORT_GRACE_MS);
      });
    });
    return await Promise.race([offer(destination, batch, ids, controller.signal), hung]);
  } finally {
    clearTimeout(timer);
    clearTimeout(graceTimer);
    abandon.removeEventListener('abort', onAbandon);
  }
}

async function offer(
  destination: Destination,
  batch: RecordBatch,
  ids: DeliveryIds,
  signal: AbortSignal,
): Promise<AttemptResult> {
  try {
    const { refused, retry, retryAfterMs, warning } = await destination.send(batch, signal, ids);
    const seen = new Set<number>();
    return {
      kind: 'answered',
      refused: known(refused, batch.length, seen),
      retry: known(retry, batch.length, seen),
      retryAfterMs,
      warning: warning === undefined ? undefined : shortened(warning),
    };
  } catch (error) {
    if (error instanceof PermanentFailure) return { kind: 'refused', reason: reasonOf(error) };
    // Whatever a client library says about a call that was cut off: our own reason tells more.
    return failed(signal.aborted ? signal.reason : error);
  }
}

function failed(error: unknown): Extract<AttemptResult, { kind: 'failed' }> {
  const retryAfterMs = error instanceof TemporaryFailure ? error.retryAfterMs : undefined;
  return { kind: 'failed', reason: reasonOf(error), retryAfterMs, hung: false };
}

/** A destination may name a row twice, or one that is not there. */
function known(records: readonly RefusedRecord[], rows: number, seen: Set<number>): RefusedRecord[] {
  const result: RefusedRecord[] = [];
  for (const { row, reason } of records) {
    if (!Number.isInteger(row) || row < 0 || row >= rows || seen.has(row)) continue;
    seen.add(row);
    result.push({ row, reason: shortened(reason) });
  }
  return result.sort((a, b) => a.row - b.row);
}

/** What an error says, with what caused it, for people. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return shortened(String(error));
  // A failed connection to several addresses has its texts in a list.
  const parts = error instanceof AggregateError ? error.errors.map((each) => reasonOf(each)) : [];
  const text = error.message !== '' ? error.message : parts.join('; ') || error.name;
  return shortened(text);
}

function shortened(text: string): string {
  return text.length > MAX_REASON_LENGTH ? `${text.slice(0, MAX_REASON_LENGTH)}…` : text;
}
