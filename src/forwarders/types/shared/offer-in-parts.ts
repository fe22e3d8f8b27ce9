import { PermanentFailure } from '../../destination';
import type { OutcomeBuilder } from './outcome-builder';

/** A request of several records that was refused for its size alone. */
export class TooLargeFailure extends PermanentFailure {}

/** A request that was refused for what is in it: perhaps a single record is at fault. */
export class BadRequestFailure extends PermanentFailure {}

/** After so many refusals with nothing taken in between it is no single record: the receiver wants other requests. */
const MAX_REFUSALS_IN_A_ROW = 24;

/**
 * Offers each run of rows as one request, one after the other. What is too large is halved until it fits or a single row remains, what is
 * refused for its content until the rows at fault are found; these are then refused. Behind a failure that may pass nothing more is
 * offered: those rows wait for their turn as well.
 *
 * @param offer throws TooLargeFailure, BadRequestFailure, PermanentFailure, TemporaryFailure
 */
export async function offerInParts(
  runs: readonly (readonly number[])[],
  outcome: OutcomeBuilder,
  offer: (rows: readonly number[]) => Promise<void>,
): Promise<void> {
  const parts = [...runs];
  let refusals = 0;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    try {
      await offer(part);
      refusals = 0;
    } catch (error) {
      if (error instanceof BadRequestFailure) refusals++;
      const isToBeHalved =
        error instanceof TooLargeFailure || (error instanceof BadRequestFailure && refusals <= MAX_REFUSALS_IN_A_ROW);
      if (isToBeHalved && part.length > 1) {
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
