import { PermanentFailure } from '../../destination';
import type { OutcomeBuilder } from './outcome-builder';

/** A request of several records that was refused for its size alone. */
export class TooLargeFailure extends PermanentFailure {}

/**
 * Offers each run of rows as one request, one after the other; what is too large is halved until it fits or a single row remains, which is
 * then refused. Behind a failure that may pass nothing more is offered: those rows wait for their turn as well.
 *
 * @param offer throws TooLargeFailure, PermanentFailure, TemporaryFailure
 */
export async function offerInParts(
  runs: readonly (readonly number[])[],
  outcome: OutcomeBuilder,
  offer: (rows: readonly number[]) => Promise<void>,
): Promise<void> {
  const parts = [...runs];
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    try {
      await offer(part);
    } catch (error) {
      if (error instanceof TooLargeFailure && part.length > 1) {
        const middle = part.length >> 1;
        parts.unshift(part.slice(0, middle), part.slice(middle));
        continue;
      }
      const waiting = error instanceof PermanentFailure ? [] : parts.splice(0).flat();
      outcome.fail([...part, ...waiting], error);
    }
  }
}

/**
 * Cuts rows into runs of at most `maxBytes` and `maxCount`. A single row that is larger makes a run of its own.
 *
 * @param sizes bytes of the row at the same place in `rows`
 */
export function cutBySize(
  rows: readonly number[],
  sizes: readonly number[],
  maxBytes: number,
  maxCount = Number.POSITIVE_INFINITY,
): number[][] {
  const runs: number[][] = [];
  let run: number[] = [];
  let bytes = 0;
  for (const [i, row] of rows.entries()) {
    const size = sizes[i] as number;
    if (run.length > 0 && (bytes + size > maxBytes || run.length >= maxCount)) {
      runs.push(run);
      run = [];
      bytes = 0;
    }
    run.push(row);
    bytes += size;
  }
  if (run.length > 0) runs.push(run);
  return runs;
}
