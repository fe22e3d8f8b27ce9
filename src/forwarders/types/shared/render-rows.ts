import type { RecordBatch } from '../../../record';
import type { OutcomeBuilder } from './outcome-builder';
import { cutBySize } from './offer-in-parts';

/** What each row of a batch becomes; a row that can't become anything is refused. */
export function renderRows(
  batch: RecordBatch,
  outcome: OutcomeBuilder,
  render: (row: number) => string,
): Map<number, string> {
  const texts = new Map<number, string>();
  for (let row = 0; row < batch.length; row++) {
    try {
      texts.set(row, render(row));
    } catch (error) {
      outcome.refuse(row, (error as Error).message);
    }
  }
  return texts;
}

/** Cuts rendered rows into runs that a destination takes in one request; see {@link cutBySize}. */
export function cutRendered(
  texts: ReadonlyMap<number, string>,
  maxBytes: number,
  maxCount = Number.POSITIVE_INFINITY,
): number[][] {
  const sizes = [...texts.values()].map((text) => Buffer.byteLength(text));
  return cutBySize([...texts.keys()], sizes, maxBytes, maxCount);
}
