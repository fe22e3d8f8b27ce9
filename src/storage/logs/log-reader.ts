import type { Knex } from 'knex';
import type { Constraint, Filter } from '../../expr';
import { StorageError } from '../errors';
import type { LogQuery, LogQueryResult, RecordId, StreamUsage } from '../log-store';
import { storageErrorFrom } from '../sqlite-error';
import { constraintFields, maySatisfy, type ColumnSummary } from './constraint-check';
import { JournalBatch } from './journal-codec';
import { compileQueryFilter } from './query-filter';
import { JournalUnit, SegmentUnit, type QueryUnit } from './query-unit';
import { QueryWriter, type MatchedRow } from './query-writer';
import { formatRecordId, parseRecordId } from './record-id';
import { FAILED, MATCH, RowFilter } from './row-filter';
import { JOURNAL_META, SEGMENT_META, type ColumnRow, type JournalMeta, type SegmentMeta, type StreamRow } from './rows';
import { COLUMN_ENCODING, decodeColumn, decodeDictionary } from './segment-codec';

/** A {@link LogQuery} in another thread. */
export interface QueryRequest {
  readonly query: LogQuery;
  /** Shared with the caller: a first element other than 0 cancels the query. */
  readonly cancelled: Int32Array;
  /** Milliseconds since the Unix epoch after which the query gives up. */
  readonly deadline: number;
}

/** An answer without a limit stops here and gives a cursor, so that no query can use up the memory. */
const MAX_RESULT_UNITS = 64 * 1024 * 1024;

/** Summaries read by one statement. */
const SEGMENTS_PER_CHECK = 128;

/** Journal rows whose data one statement reads. */
const JOURNAL_ROWS_PER_READ = 64;

/** Reads logs.db. One call at a time; each sees one state of the store, with everything acknowledged before it began. */
export class LogReader {
  readonly #database: Knex;
  readonly #warn: (message: string) => void;

  /** @param warn is told of damaged data that a query has to leave out */
  constructor(database: Knex, warn: (message: string) => void) {
    this.#database = database;
    this.#warn = warn;
  }

  /** @throws StorageError `INVALID_FILTER`, `INVALID_CURSOR`, `QUERY_TIMEOUT`, `QUERY_CANCELLED` */
  async query(request: QueryRequest): Promise<LogQueryResult> {
    return this.#reading(async (database) => {
      const { query } = request;
      const stream = await findStream(database, query.stream);
      const run = new QueryRun(database, request, this.#warn);
      return stream === undefined ? run.empty() : run.run(stream);
    });
  }

  /** Names of all fields that the stream's records ever had. */
  async listFields(stream: string): Promise<string[]> {
    return this.#reading(async (database) => {
      const row = await findStream(database, stream);
      if (row === undefined) return [];
      const names = new Set(await database('stream_fields').where('stream_id', row.id).pluck<string[]>('name'));
      for (const batch of await this.#journal(database, row.id)) for (const name of batch.names) names.add(name);
      return [...names].sort();
    });
  }

  async usage(stream: string): Promise<StreamUsage> {
    return this.#reading(async (database) => {
      const row = await findStream(database, stream);
      let records = 0;
      let bytes = 0;
      if (row === undefined) return { records, bytes };
      for (const [table, size] of [
        ['segments', 'stored_bytes'],
        ['journal', 'byte_count'],
      ] as const) {
        const [total] = await database(table)
          .where('stream_id', row.id)
          .select<{ records: number | null; bytes: number | null }[]>(
            database.raw('sum(record_count) as records, sum(??) as bytes', [size]),
          );
        records += total?.records ?? 0;
        bytes += total?.bytes ?? 0;
      }
      return { records, bytes };
    });
  }

  /** Distinct values of each indexed field of a stream. */
  async listIndexedValues(stream: string): Promise<Record<string, string[]>> {
    return this.#reading(async (database) => {
      const result: Record<string, string[]> = {};
      const row = await findStream(database, stream);
      if (row === undefined) return result;
      const journal = await this.#journal(database, row.id);
      for (const field of JSON.parse(row.indexed_fields) as string[]) {
        const values = new Set<string>();
        await this.#segmentValues(database, row.id, field, values);
        for (const batch of journal) {
          const column = batch.column(field);
          for (let i = 0; i < (column?.length ?? 0); i++) addValue(values, column?.value(i));
        }
        result[field] = [...values].sort();
      }
      return result;
    });
  }

  async #segmentValues(database: Knex, streamId: number, field: string, values: Set<string>): Promise<void> {
    const metas = await database('segments')
      .where({ stream_id: streamId, damaged: 0 })
      .select<SegmentMeta[]>(...SEGMENT_META);
    for (const meta of metas) {
      const [column] = await database<ColumnRow>('segment_columns').where({ segment_id: meta.id, name: field });
      if (column === undefined) continue;
      if (column.dictionary !== null) {
        for (const value of decodeDictionary(column.dictionary)) values.add(value);
      } else {
        const decoded = decodeColumn(column, meta.record_count);
        for (let row = 0; row < decoded.length; row++) addValue(values, decoded.value(row));
      }
    }
  }

  async #journal(database: Knex, streamId: number): Promise<JournalBatch[]> {
    const rows = await database('journal')
      .where({ stream_id: streamId, damaged: 0 })
      .select<{ id: number; data: Buffer }[]>('id', 'data');
    const batches: JournalBatch[] = [];
    for (const row of rows) {
      try {
        batches.push(new JournalBatch(row.data));
      } catch (error) {
        this.#warn(`journal row ${row.id}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return batches;
  }

  async #reading<Result>(work: (database: Knex) => Promise<Result>): Promise<Result> {
    try {
      return await this.#database.transaction(work);
    } catch (error) {
      throw storageErrorFrom(error, 'cannot read from the log store');
    }
  }
}

function addValue(values: Set<string>, value: string | undefined): void {
  if (value !== undefined) values.add(value);
}

async function findStream(database: Knex, name: string): Promise<StreamRow | undefined> {
  return database<StreamRow>('streams').where({ name, deleted: 0 }).first();
}

/** One query over one stream. */
class QueryRun {
  readonly #database: Knex;
  readonly #request: QueryRequest;
  readonly #query: LogQuery;
  readonly #warn: (message: string) => void;
  readonly #newestFirst: boolean;
  readonly #limit: number;
  readonly #filter: Filter | undefined;
  readonly #indexing: Readonly<Record<string, readonly string[]>> | undefined;
  readonly #rowFilter: RowFilter | undefined;
  readonly #after: { readonly timestamp: number; readonly sequence: number } | undefined;
  readonly #writer: QueryWriter;
  #filterErrors = 0;

  constructor(database: Knex, request: QueryRequest, warn: (message: string) => void) {
    const { query } = request;
    this.#database = database;
    this.#request = request;
    this.#query = query;
    this.#warn = warn;
    this.#newestFirst = query.order !== 'oldest';
    this.#limit = query.limit ?? Infinity;
    this.#filter = compileQueryFilter(query.filter);
    this.#rowFilter = this.#filter === undefined ? undefined : new RowFilter(this.#filter.tree);
    this.#indexing =
      query.indexing !== undefined && Object.keys(query.indexing).length > 0 ? query.indexing : undefined;
    this.#after = readCursor(query);
    this.#writer = new QueryWriter(query.fields);
  }

  empty(): LogQueryResult {
    return this.#result(undefined);
  }

  async run(stream: StreamRow): Promise<LogQueryResult> {
    const indexedFields = new Set(JSON.parse(stream.indexed_fields) as string[]);
    // As with the peer: a field without an index matches nothing.
    if (Object.keys(this.#indexing ?? {}).some((field) => !indexedFields.has(field))) return this.empty();
    let from = this.#query.from;
    let to = this.#query.to;
    if (stream.ttl > 0) from = Math.max(from, Date.now() - stream.ttl * 1000);
    if (this.#after !== undefined && this.#newestFirst) to = Math.min(to, this.#after.timestamp);
    if (this.#after !== undefined && !this.#newestFirst) from = Math.max(from, this.#after.timestamp);
    const units = await this.#units(stream.id, from, to);
    let pending: MatchedRow[] = [];
    for (let i = 0; i < units.length; i++) {
      this.#checkCancelled();
      const unit = units[i] as QueryUnit;
      if (unit instanceof JournalUnit && !unit.provided) await readAhead(this.#database, units, i);
      const matches = await this.#matches(unit, from, to);
      if (matches.length > 0) pending = this.#inOrder([...pending, ...matches]);
      pending = pending.slice(await this.#emit(pending, this.#settled(pending, units[i + 1])));
      const more = pending.length > 0 || i + 1 < units.length;
      if (more && this.#isFull()) return this.#result(this.#writer.ids[this.#writer.ids.length - 1]);
    }
    return this.#result(undefined);
  }

  /** Parts of the stream that may hold matches, in the order in which their records can appear. */
  async #units(streamId: number, from: number, to: number): Promise<QueryUnit[]> {
    const segments = await this.#database('segments')
      .where({ stream_id: streamId, damaged: 0 })
      .andWhere('max_time', '>=', from)
      .andWhere('min_time', '<=', to)
      .select<SegmentMeta[]>(...SEGMENT_META);
    const journal = await this.#database('journal')
      .where({ stream_id: streamId, damaged: 0 })
      .andWhere('max_time', '>=', from)
      .andWhere('min_time', '<=', to)
      .select<JournalMeta[]>(...JOURNAL_META);
    const units: QueryUnit[] = [
      ...(await this.#prune(segments)).map((meta) => new SegmentUnit(this.#database, meta)),
      ...journal.map((meta) => new JournalUnit(this.#database, meta)),
    ];
    return this.#newestFirst
      ? units.sort((a, b) => b.maxTime - a.maxTime)
      : units.sort((a, b) => a.minTime - b.minTime);
  }

  /** Leaves out the segments in which no record can match. */
  async #prune(segments: readonly SegmentMeta[]): Promise<SegmentMeta[]> {
    const constraint = this.#constraint();
    const fields = [...constraintFields(constraint)];
    if (constraint.kind === 'any') return [...segments];
    const kept: SegmentMeta[] = [];
    for (let i = 0; i < segments.length; i += SEGMENTS_PER_CHECK) {
      this.#checkCancelled();
      const some = segments.slice(i, i + SEGMENTS_PER_CHECK);
      const summaries = await this.#summaries(some, fields);
      kept.push(...some.filter((meta) => maySatisfy(constraint, summaries.get(meta.id) ?? new Map())));
    }
    return kept;
  }

  #constraint(): Constraint {
    const parts: Constraint[] = [];
    if (this.#filter !== undefined) parts.push(this.#filter.constraint);
    for (const [field, values] of Object.entries(this.#indexing ?? {})) {
      parts.push({
        kind: 'and',
        children: [
          { kind: 'present', field },
          { kind: 'equals', field, values: [...values] },
        ],
      });
    }
    return parts.length === 1
      ? (parts[0] as Constraint)
      : parts.length === 0
        ? { kind: 'any' }
        : { kind: 'and', children: parts };
  }

  async #summaries(
    segments: readonly SegmentMeta[],
    fields: readonly string[],
  ): Promise<Map<number, Map<string, ColumnSummary>>> {
    const rows = await this.#database<ColumnRow>('segment_columns')
      .whereIn(
        'segment_id',
        segments.map((meta) => meta.id),
      )
      .whereIn('name', fields)
      .select('segment_id', 'name', 'encoding', 'dictionary', 'filter');
    const summaries = new Map<number, Map<string, ColumnSummary>>();
    for (const row of rows) {
      const ofSegment = summaries.get(row.segment_id) ?? new Map<string, ColumnSummary>();
      ofSegment.set(row.name, summaryOf(row));
      summaries.set(row.segment_id, ofSegment);
    }
    return summaries;
  }

  /** The rows of a unit that belong to the answer, no more of them than the limit could take. */
  async #matches(unit: QueryUnit, from: number, to: number): Promise<MatchedRow[]> {
    try {
      const inside = unit.minTime >= from && unit.maxTime <= to && this.#after === undefined;
      let rows = new Uint8Array(unit.length).fill(1);
      if (!inside) {
        await unit.loadRows();
        this.#markInRange(unit, from, to, rows);
      }
      await this.#applyIndexing(unit, rows);
      rows = await this.#applyFilter(unit, rows);
      if (!rows.includes(MATCH)) return [];
      await unit.loadRows();
      // Read now, so that damage is found before anything of the unit is part of the answer.
      await unit.columns(this.#query.fields);
      return this.#collect(unit, rows);
    } catch (error) {
      if (!(error instanceof StorageError) || (error.code !== 'CORRUPT_DATA' && error.code !== 'UNSUPPORTED_FORMAT')) {
        throw error;
      }
      this.#warn(`a query left out damaged data: ${error.message}`);
      return [];
    }
  }

  #markInRange(unit: QueryUnit, from: number, to: number, rows: Uint8Array): void {
    const after = this.#after;
    for (let row = 0; row < rows.length; row++) {
      const timestamp = unit.timestamps[row] as number;
      if (timestamp < from || timestamp > to) rows[row] = 0;
      if (after === undefined) continue;
      const difference = timestamp - after.timestamp || (unit.sequences[row] as number) - after.sequence;
      if (this.#newestFirst ? difference >= 0 : difference <= 0) rows[row] = 0;
    }
  }

  async #applyIndexing(unit: QueryUnit, rows: Uint8Array): Promise<void> {
    if (this.#indexing === undefined) return;
    const columns = await unit.columns(Object.keys(this.#indexing));
    for (const [field, values] of Object.entries(this.#indexing)) {
      const wanted = new Set(values);
      const column = columns.get(field);
      for (let row = 0; row < rows.length; row++) {
        const value = column?.value(row);
        if (value === undefined || !wanted.has(value)) rows[row] = 0;
      }
    }
  }

  async #applyFilter(unit: QueryUnit, rows: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#rowFilter === undefined || this.#filter === undefined) return rows;
    const columns = await unit.columns(this.#filter.fields);
    const outcome = new Uint8Array(this.#rowFilter.evaluate(columns, rows));
    for (const result of outcome) if (result === FAILED) this.#filterErrors++;
    return outcome;
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

  #result(last: RecordId | undefined): LogQueryResult {
    return {
      json: this.#writer.finish(),
      ids: this.#writer.ids,
      cursor: last === undefined ? undefined : formatRecordId(this.#query.stream, last),
      filterErrors: this.#filterErrors,
      firstFilterError: this.#rowFilter?.firstError,
    };
  }

  #checkCancelled(): void {
    if (Atomics.load(this.#request.cancelled, 0) !== 0) {
      throw new StorageError('QUERY_CANCELLED', 'the query was cancelled');
    }
    if (Date.now() > this.#request.deadline) {
      throw new StorageError('QUERY_TIMEOUT', 'the query took too long: narrow the time range or the filter');
    }
  }
}

function summaryOf(row: Pick<ColumnRow, 'encoding' | 'dictionary' | 'filter'>): ColumnSummary {
  if (row.encoding !== COLUMN_ENCODING.plain && row.dictionary !== null) {
    try {
      return { values: decodeDictionary(row.dictionary) };
    } catch {
      // Damaged: nothing is known of it, and reading the segment will say so.
      return {};
    }
  }
  return row.filter === null ? {} : { filter: row.filter };
}

function readCursor(query: LogQuery): { readonly timestamp: number; readonly sequence: number } | undefined {
  if (query.cursor === undefined) return undefined;
  const id = parseRecordId(query.cursor);
  if (id === undefined || id.stream !== query.stream) {
    throw new StorageError('INVALID_CURSOR', 'the cursor is not one of this stream');
  }
  return id;
}

/** Puts the data of journal rows that come in a query into their units with one statement. */
async function readAhead(database: Knex, units: readonly QueryUnit[], start: number): Promise<void> {
  const ahead: JournalUnit[] = [];
  for (let i = start; i < units.length && ahead.length < JOURNAL_ROWS_PER_READ; i++) {
    const unit = units[i];
    if (!(unit instanceof JournalUnit)) break;
    ahead.push(unit);
  }
  if (ahead.length === 0) return;
  const byId = new Map(ahead.map((unit) => [unit.id, unit]));
  const rows = await database('journal')
    .whereIn('id', [...byId.keys()])
    .select<{ id: number; data: Buffer }[]>('id', 'data');
  for (const row of rows) byId.get(row.id)?.provide(row.data);
}
