import type { Knex } from 'knex';
import { StorageError } from '../errors';
import type { LogQuery, LogQueryResult, RecordId } from '../log-store';
import { monotonicMs } from '../monotonic-clock';
import type { QueryUnit } from './query-unit';
import { QueryWriter, type MatchedRow } from './query-writer';
import { formatRecordId, parseRecordId } from './record-id';
import { MATCH } from './row-filter';
import type { StreamRow } from './rows';
import { readAhead, Selection, type ReadLimits, type TimeRange } from './selection';

/** A {@link LogQuery} in another thread. */
export interface QueryRequest extends ReadLimits {
  readonly query: LogQuery;
  /** Milliseconds after which the work is interrupted where it can be resumed, when somebody waits for a turn; 0: everywhere. */
  readonly sliceMs: number;
  /** How many wait for a turn, shared between the threads. */
  readonly waiting: Int32Array;
}

/** As much of an answer as was found in one slice of time. */
export interface QuerySlice extends LogQueryResult {
  /** Set when the work was interrupted: the cursor with which it goes on. */
  readonly resume?: string;
}

/** Records become visible in the order of their commits, which is that of their arrival except for the last few seconds. */
const REORDER_MS = 10_000;

/** Beyond the sequence number of any record: see {@link formatRecordId}. */
const LAST_SEQUENCE = 2 ** 48 - 1;

/** An answer without a limit stops here and gives a cursor, so that no query can use up the memory. */
const MAX_RESULT_UNITS = 64 * 1024 * 1024;

/** One query over one stream. */
export class QueryRun {
  readonly #database: Knex;
  readonly #query: LogQuery;
  readonly #selection: Selection;
  readonly #newestFirst: boolean;
  readonly #limit: number;
  readonly #after: { readonly timestamp: number; readonly sequence: number } | undefined;
  readonly #writer: QueryWriter;
  readonly #sliceMs: number;
  readonly #interruptAt: number;
  readonly #waiting: Int32Array;

  /** @throws StorageError `INVALID_FILTER`, `INVALID_CURSOR` */
  constructor(database: Knex, request: QueryRequest, warn: (message: string) => void) {
    const { query } = request;
    this.#database = database;
    this.#query = query;
    this.#selection = new Selection(database, query, request, warn);
    this.#newestFirst = query.order !== 'oldest';
    this.#limit = query.limit ?? Infinity;
    this.#after = readCursor(query);
    this.#writer = new QueryWriter(query.fields, query.format);
    this.#sliceMs = request.sliceMs;
    this.#interruptAt = monotonicMs() + request.sliceMs;
    this.#waiting = request.waiting;
  }

  empty(): QuerySlice {
    return this.#result(undefined);
  }

  async run(stream: StreamRow): Promise<QuerySlice> {
    if (!this.#selection.isPossible(stream)) return this.empty();
    const range = this.#range(stream);
    const units = await this.#selection.units(stream.id, range);
    // In reverse of the order in which their records can appear: what is done with is taken from the end, and freed.
    units.sort(this.#newestFirst ? (a, b) => a.maxTime - b.maxTime : (a, b) => b.minTime - a.minTime);
    let pending: MatchedRow[] = [];
    while (units.length > 0) {
      this.#selection.checkCancelled();
      await readAhead(this.#database, units);
      const unit = units.pop() as QueryUnit;
      const matches = (await this.#selection.unlessDamaged(() => this.#matches(unit, range))) ?? [];
      if (matches.length > 0) pending = this.#inOrder([...pending, ...matches]);
      pending = pending.slice(await this.#emit(pending, this.#settled(pending, units[units.length - 1])));
      const more = pending.length > 0 || units.length > 0;
      if (more && this.#isFull()) return this.#result(this.#writer.ids[this.#writer.ids.length - 1]);
      const resume = this.#interruption(units[units.length - 1], range.to);
      if (resume !== undefined) return this.#result(undefined, resume);
    }
    return this.#result(undefined);
  }

  #range(stream: StreamRow): TimeRange {
    const query = this.#query;
    // Nothing earlier belongs to the answer, whatever its sequence number.
    let earliest = -Infinity;
    let to = query.to;
    if (stream.ttl > 0) earliest = Date.now() - stream.ttl * 1000;
    if (this.#after !== undefined && this.#newestFirst) to = Math.min(to, this.#after.timestamp);
    if (this.#after !== undefined && !this.#newestFirst) earliest = Math.max(earliest, this.#after.timestamp);
    const from = Math.max(query.from, earliest);
    if (query.orAfterSequence === undefined) return { from, to };
    return { from, to, later: { sequence: query.orAfterSequence, from: earliest } };
  }

  /**
   * Where to go on when the slice of time is over: all that lies before is part of the answer, nothing that lies behind is.
   * Undefined while it is not over or nobody waits, or when as much as a millisecond would not have been got over.
   */
  #interruption(next: QueryUnit | undefined, to: number): RecordId | undefined {
    if (next === undefined || !this.#isOver()) return undefined;
    if (this.#newestFirst) {
      return next.maxTime + 1 < (this.#after?.timestamp ?? to)
        ? { timestamp: next.maxTime + 1, sequence: 0 }
        : undefined;
    }
    const timestamp = next.minTime - 1;
    // Who goes on after the last record that it got counts on having all that arrived before it.
    const isSettled = timestamp < Date.now() - REORDER_MS;
    return isSettled && timestamp > (this.#after?.timestamp ?? 0) ? { timestamp, sequence: LAST_SEQUENCE } : undefined;
  }

  /** The slice of time is used up, and somebody waits for the next one. */
  #isOver(): boolean {
    if (this.#sliceMs === 0) return true;
    return Atomics.load(this.#waiting, 0) > 0 && monotonicMs() >= this.#interruptAt;
  }

  /** The rows of a unit that belong to the answer, no more of them than the limit could take. */
  async #matches(unit: QueryUnit, range: TimeRange): Promise<MatchedRow[]> {
    const { from, to } = range;
    const inside = unit.minTime >= from && unit.maxTime <= to && this.#after === undefined;
    let rows = new Uint8Array(unit.length).fill(1);
    if (!inside) {
      await unit.loadRows();
      this.#markInRange(unit, range, rows);
    }
    rows = await this.#selection.apply(unit, rows);
    if (!rows.includes(MATCH)) return [];
    await unit.loadRows();
    // Read now, so that damage is found before anything of the unit is part of the answer.
    await unit.columns(this.#query.fields);
    return this.#collect(unit, rows);
  }

  #markInRange(unit: QueryUnit, { from, to, later }: TimeRange, rows: Uint8Array): void {
    const after = this.#after;
    for (let row = 0; row < rows.length; row++) {
      const timestamp = unit.timestamps[row] as number;
      const sequence = unit.sequences[row] as number;
      const begin = later !== undefined && sequence > later.sequence ? later.from : from;
      if (timestamp < begin || timestamp > to) rows[row] = 0;
      if (after === undefined) continue;
      const difference = timestamp - after.timestamp || sequence - after.sequence;
      if (this.#newestFirst ? difference >= 0 : difference <= 0) rows[row] = 0;
    }
  }

  #collect(unit: QueryUnit, rows: Uint8Array): MatchedRow[] {
    const matches: MatchedRow[] = [];
    for (let row = 0; row < rows.length; row++) {
      if (rows[row] !== MATCH) continue;
      matches.push({
        timestamp: unit.timestamps[row] as number,
        sequence: unit.sequences[row] as number,
        unit,
        row,
      });
    }
    return this.#inOrder(matches);
  }

  /** Sorted, and cut where nothing can be part of the answer any more. */
  #inOrder(matches: MatchedRow[]): MatchedRow[] {
    const direction = this.#newestFirst ? -1 : 1;
    matches.sort((a, b) => direction * (a.timestamp - b.timestamp || a.sequence - b.sequence));
    const room = this.#limit - this.#writer.ids.length;
    // One more than there is room for tells that there is a next page.
    return matches.length > room + 1 ? matches.slice(0, room + 1) : matches;
  }

  /** How many of the sorted matches no later unit can precede. */
  #settled(pending: readonly MatchedRow[], next: QueryUnit | undefined): number {
    if (next === undefined) return pending.length;
    let settled = 0;
    while (settled < pending.length) {
      const { timestamp } = pending[settled] as MatchedRow;
      if (this.#newestFirst ? timestamp <= next.maxTime : timestamp >= next.minTime) break;
      settled++;
    }
    return settled;
  }

  #isFull(): boolean {
    return this.#writer.ids.length >= this.#limit || this.#writer.length >= MAX_RESULT_UNITS;
  }

  /** Writes the first `count` matches, or as many as the answer takes; returns how many it wrote. */
  async #emit(matches: readonly MatchedRow[], count: number): Promise<number> {
    for (let i = 0; i < count; i++) {
      if (this.#isFull()) return i;
      const match = matches[i] as MatchedRow;
      await this.#writer.write(match);
      if (matches[i + 1]?.unit !== match.unit) this.#forgetUnless(matches, i + 1, match.unit);
    }
    return count;
  }

  #forgetUnless(matches: readonly MatchedRow[], from: number, unit: QueryUnit): void {
    for (let i = from; i < matches.length; i++) if (matches[i]?.unit === unit) return;
    this.#writer.forget(unit);
  }

  #result(last: RecordId | undefined, resume?: RecordId): QuerySlice {
    return {
      json: this.#writer.finish(),
      ids: this.#writer.ids,
      cursor: last && formatRecordId(this.#query.stream, last),
      resume: resume && formatRecordId(this.#query.stream, resume),
      filterErrors: this.#selection.filterErrors,
      firstFilterError: this.#selection.firstFilterError,
    };
  }
}

function readCursor(query: LogQuery): { readonly timestamp: number; readonly sequence: number } | undefined {
  if (query.cursor === undefined) return undefined;
  const id = parseRecordId(query.cursor);
  if (id === undefined || id.stream !== query.stream) {
    throw new StorageError('INVALID_CURSOR', 'the cursor is not one of this stream');
  }
  return id;
}
