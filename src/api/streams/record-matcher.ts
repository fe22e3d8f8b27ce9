import { compileFilter, type Filter } from '../../expr';
import { RowLookup } from '../../pipeline/row-lookup';
import type { RecordBatch } from '../../record';
import type { LogQuery } from '../../storage/log-store';

/** Decides which rows of batches a watch is interested in, by the rules of a query. */
export class RecordMatcher {
  readonly #filter: Filter | undefined;
  readonly #indexing: readonly (readonly [string, ReadonlySet<string>])[];
  readonly #lookup = new RowLookup();

  /** @throws ExprSyntaxError, ExprCompileError */
  constructor({ filter, indexing }: Pick<LogQuery, 'filter' | 'indexing'>) {
    this.#filter = filter === undefined ? undefined : compileFilter(filter);
    this.#indexing = Object.entries(indexing ?? {}).map(([field, values]) => [field, new Set(values)] as const);
  }

  /** The rows that match, in their order. A record on which the filter fails does not match. */
  matchingRows(batch: RecordBatch): number[] {
    const rows: number[] = [];
    this.#lookup.use(batch);
    for (let row = 0; row < batch.length; row++) {
      this.#lookup.row = row;
      if (this.#isIndexed() && this.#passes()) rows.push(row);
    }
    this.#lookup.use(undefined);
    return rows;
  }

  #isIndexed(): boolean {
    for (const [field, values] of this.#indexing) {
      const value = this.#lookup.get(field);
      if (value === undefined || !values.has(value)) return false;
    }
    return true;
  }

  #passes(): boolean {
    if (this.#filter === undefined) return true;
    try {
      return this.#filter.test(this.#lookup);
    } catch {
      return false;
    }
  }
}
