import type { RecordId } from '../../storage/log-store';

interface Page {
  /** The last record of the page; whatever is later is beyond it. */
  readonly end: RecordId;
  /** Highest sequence number on this page and those before it. */
  readonly newest: number;
}

const NO_END: RecordId = { timestamp: Infinity, sequence: Infinity };

/**
 * What one reading of a stream's history, oldest first and page by page, has shown.
 *
 * Records become visible in the order of their sequence numbers. So a page that shows one of them shows all lower ones of its
 * span of time, and a few numbers a page say of every record whether it was shown.
 */
export class HistoryCoverage {
  readonly #from: number;
  readonly #orAfterSequence: number;
  readonly #pages: Page[] = [];
  #newest = -1;

  /**
   * @param from time from which on the history is read, milliseconds since the Unix epoch
   * @param orAfterSequence records with a higher sequence number are read from the beginning of time on
   */
  constructor(from: number, orAfterSequence = Infinity) {
    this.#from = from;
    this.#orAfterSequence = orAfterSequence;
  }

  /** Highest sequence number shown; -1 when there is none. */
  get newest(): number {
    return this.#newest;
  }

  /** Adds the next page. */
  add(ids: readonly RecordId[], isLast: boolean): void {
    for (const { sequence } of ids) this.#newest = Math.max(this.#newest, sequence);
    this.#pages.push({ end: isLast ? NO_END : (ids.at(-1) ?? NO_END), newest: this.#newest });
  }

  /** Whether a record that matches was on one of the pages. */
  has(id: RecordId): boolean {
    if (id.timestamp < this.#from && id.sequence <= this.#orAfterSequence) return false;
    let low = 0;
    let high = this.#pages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const page = this.#pages[middle] as Page;
      if (isAfter(id, page.end)) low = middle + 1;
      else high = middle;
    }
    const page = this.#pages[low];
    return page !== undefined && id.sequence <= page.newest;
  }
}

function isAfter(a: RecordId, b: RecordId): boolean {
  return a.timestamp > b.timestamp || (a.timestamp === b.timestamp && a.sequence > b.sequence);
}
