import type { Knex } from 'knex';
import type { Histogram, HistogramQuery } from '../log-store';
import type { Column } from './column';
import { countFieldValues } from './field-values';
import type { QueryUnit } from './query-unit';
import { MATCH } from './row-filter';
import type { StreamRow } from './rows';
import { Selection, type ReadLimits } from './selection';
import { scanUnits, type UnitVisitor } from './unit-scan';
import { marked } from './value-counter';

/** A {@link HistogramQuery} in another thread. */
export interface HistogramRequest extends ReadLimits {
  readonly query: HistogramQuery;
}

/**
 * Counts the chosen records of a stream by time. A segment that lies in one bucket is counted without being read, when it is
 * chosen as a whole and no field is asked for.
 */
export async function countOverTime(
  database: Knex,
  stream: StreamRow | undefined,
  request: HistogramRequest,
  warn: (message: string) => void,
): Promise<Histogram> {
  const { query } = request;
  const selection = new Selection(database, query, request, warn);
  const { field } = query;
  const top =
    field === undefined
      ? undefined
      : await countFieldValues(database, stream, { ...request, query: { ...query, field } }, warn);
  const buckets = new Buckets(
    query,
    top?.values.map(({ value }) => value),
  );
  if (stream !== undefined && buckets.starts.length > 0) await scanUnits(database, stream, query, selection, buckets);
  return {
    starts: buckets.starts,
    counts: buckets.counts,
    groups: buckets.groups,
    filterErrors: selection.filterErrors,
    firstFilterError: selection.firstFilterError,
  };
}

class Buckets implements UnitVisitor {
  readonly starts: number[] = [];
  readonly counts: number[];
  readonly groups: { readonly value: string; readonly counts: number[] }[] | undefined;
  readonly #interval: number;
  readonly #first: number;
  readonly #field: string | undefined;
  readonly #countsByValue = new Map<string, number[]>();

  /** @param values those of the field that are counted on their own */
  constructor({ from, to, interval, field }: HistogramQuery, values: readonly string[] | undefined) {
    this.#interval = interval;
    this.#first = Math.floor(from / interval);
    this.#field = field;
    for (let bucket = this.#first; bucket * interval <= to; bucket++) this.starts.push(bucket * interval);
    this.counts = this.#zeros();
    this.groups = values?.map((value) => ({ value, counts: this.#zeros() }));
    for (const { value, counts } of this.groups ?? []) this.#countsByValue.set(value, counts);
  }

  whole(unit: QueryUnit): boolean {
    const bucket = this.#bucketOf(unit.minTime);
    if (this.#field !== undefined || bucket !== this.#bucketOf(unit.maxTime)) return false;
    add(this.counts, bucket, unit.length);
    return true;
  }

  async rows(unit: QueryUnit, chosen: Uint8Array): Promise<void> {
    const field = this.#field;
    const column = field === undefined ? undefined : (await unit.columns([field])).get(field);
    const bucket = this.#bucketOf(unit.minTime);
    if (column === undefined && bucket === this.#bucketOf(unit.maxTime)) {
      add(this.counts, bucket, marked(chosen));
      return;
    }
    await unit.loadRows();
    this.#count(unit.timestamps, chosen);
    if (column !== undefined) this.#countValues(unit.timestamps, chosen, column);
  }

  #count(timestamps: Float64Array, chosen: Uint8Array): void {
    for (let row = 0; row < chosen.length; row++) {
      if (chosen[row] === MATCH) add(this.counts, this.#bucketOf(timestamps[row] as number), 1);
    }
  }

  #countValues(timestamps: Float64Array, chosen: Uint8Array, column: Column): void {
    // A dictionary's values are looked up once.
    const codes = column.kind === 'dictionary' ? column.codes : undefined;
    const byCode =
      column.kind === 'dictionary'
        ? [undefined, ...column.dictionary.map((value) => this.#countsOf(value))]
        : undefined;
    for (let row = 0; row < chosen.length; row++) {
      if (chosen[row] !== MATCH) continue;
      const counts = byCode === undefined ? this.#countsOf(column.value(row)) : byCode[codes?.[row] ?? 0];
      if (counts !== undefined) add(counts, this.#bucketOf(timestamps[row] as number), 1);
    }
  }

  #countsOf(value: string | undefined): number[] | undefined {
    return value === undefined ? undefined : this.#countsByValue.get(value);
  }

  #bucketOf(time: number): number {
    return Math.floor(time / this.#interval) - this.#first;
  }

  #zeros(): number[] {
    return new Array<number>(this.starts.length).fill(0);
  }
}

function add(counts: number[], bucket: number, count: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + count;
}
