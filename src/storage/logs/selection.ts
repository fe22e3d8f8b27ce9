import type { Knex } from 'knex';
import type { Constraint, Filter } from '../../expr';
import { StorageError } from '../errors';
import type { RecordSelection } from '../log-store';
import { monotonicMs } from '../monotonic-clock';
import { constraintFields, maySatisfy, type ColumnSummary } from './constraint-check';
import { compileQueryFilter } from './query-filter';
import { JournalUnit, SegmentUnit, type QueryUnit } from './query-unit';
import { FAILED, RowFilter } from './row-filter';
import { JOURNAL_META, SEGMENT_META, type ColumnRow, type JournalMeta, type SegmentMeta, type StreamRow } from './rows';
import { COLUMN_ENCODING, decodeDictionary } from './segment-codec';

/** What the thread that reads is told beside the question itself. */
export interface ReadLimits {
  /** Shared with the caller: a first element other than 0 cancels the work. */
  readonly cancelled: Int32Array;
  /** When the work is given up, on the clock of `monotonicMs`. */
  readonly deadline: number;
}

/** Times of arrival, milliseconds since the Unix epoch, inclusive. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
  /** Records with a higher sequence number belong to the range from another time on. */
  readonly later?: { readonly sequence: number; readonly from: number };
}

/** Summaries read by one statement. */
const SEGMENTS_PER_CHECK = 128;

/** Journal rows whose data one statement reads. */
const JOURNAL_ROWS_PER_READ = 64;

/** Chooses records of a stream: the parts that may hold some, and in each part the rows. */
export class Selection {
  readonly #database: Knex;
  readonly #limits: ReadLimits;
  readonly #warn: (message: string) => void;
  readonly #filter: Filter | undefined;
  readonly #rowFilter: RowFilter | undefined;
  readonly #indexing: Readonly<Record<string, readonly string[]>> | undefined;
  /** Records on which the filter raised an error. */
  filterErrors = 0;

  /**
   * @param warn is told of damaged data that has to be left out
   * @throws StorageError `INVALID_FILTER`
   */
  constructor(
    database: Knex,
    { filter, indexing }: Pick<RecordSelection, 'filter' | 'indexing'>,
    limits: ReadLimits,
    warn: (message: string) => void,
  ) {
    this.#database = database;
    this.#limits = limits;
    this.#warn = warn;
    this.#filter = compileQueryFilter(filter);
    this.#rowFilter =
      this.#filter === undefined ? undefined : new RowFilter(this.#filter.tree, () => this.checkCancelled());
    this.#indexing = indexing !== undefined && Object.keys(indexing).length > 0 ? indexing : undefined;
  }

  /** True when every record of the time range is chosen. */
  get takesAll(): boolean {
    return this.#filter === undefined && this.#indexing === undefined;
  }

  get firstFilterError(): string | undefined {
    return this.#rowFilter?.firstError;
  }

  /** False when nothing can match, for a field is asked for that has no index: the peer's rule. */
  isPossible(stream: StreamRow): boolean {
    const indexedFields = new Set(JSON.parse(stream.indexed_fields) as string[]);
    return Object.keys(this.#indexing ?? {}).every((field) => indexedFields.has(field));
  }

  /** Parts of the stream that may hold matches. */
  async units(streamId: number, { from, to, later }: TimeRange): Promise<QueryUnit[]> {
    const since = (newestSequence: Knex.Raw) => (query: Knex.QueryBuilder) => {
      void query.where('max_time', '>=', from);
      if (later === undefined) return;
      void query.orWhere((ofLater) => {
        void ofLater.where(newestSequence, '>', later.sequence).andWhere('max_time', '>=', later.from);
      });
    };
    const segments = await this.#database('segments')
      .where({ stream_id: streamId, damaged: 0 })
      .andWhere(since(this.#database.raw('max_sequence')))
      .andWhere('min_time', '<=', to)
      .select<SegmentMeta[]>(...SEGMENT_META);
    const journal = await this.#database('journal')
      .where({ stream_id: streamId, damaged: 0 })
      .andWhere(since(this.#database.raw('first_sequence + record_count - 1')))
      .andWhere('min_time', '<=', to)
      .select<JournalMeta[]>(...JOURNAL_META);
    return [
      ...(await this.#prune(segments)).map((meta) => new SegmentUnit(this.#database, meta)),
      ...journal.map((meta) => new JournalUnit(this.#database, meta)),
    ];
  }

  /** Marks the rows of a unit that match with 1 (`MATCH`) among those that `rows` marks with 1. */
  async apply(unit: QueryUnit, rows: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    await this.#applyIndexing(unit, rows);
    if (this.#rowFilter === undefined || this.#filter === undefined) return rows;
    const columns = await unit.columns(this.#filter.fields);
    const outcome = new Uint8Array(this.#rowFilter.evaluate(columns, rows));
    for (const result of outcome) if (result === FAILED) this.filterErrors++;
    return outcome;
  }

  /** Does work on a unit; undefined when the unit turns out to be damaged, which is told. */
  async unlessDamaged<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageError) || (error.code !== 'CORRUPT_DATA' && error.code !== 'UNSUPPORTED_FORMAT')) {
        throw error;
      }
      this.#warn(`a query left out damaged data: ${error.message}`);
      return undefined;
    }
  }

  /** @throws StorageError `QUERY_CANCELLED`, `QUERY_TIMEOUT` */
  checkCancelled(): void {
    if (Atomics.load(this.#limits.cancelled, 0) !== 0) {
      throw new StorageError('QUERY_CANCELLED', 'the query was cancelled');
    }
    if (monotonicMs() > this.#limits.deadline) {
      throw new StorageError('QUERY_TIMEOUT', 'the query took too long: narrow the time range or the filter');
    }
  }

  /** Leaves out the segments in which no record can match. */
  async #prune(segments: readonly SegmentMeta[]): Promise<SegmentMeta[]> {
    const constraint = this.#constraint();
    const fields = [...constraintFields(constraint)];
    if (constraint.kind === 'any') return [...segments];
    const kept: SegmentMeta[] = [];
    for (let i = 0; i < segments.length; i += SEGMENTS_PER_CHECK) {
      this.checkCancelled();
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
}

/**
 * Puts the data of journal rows that come next into their units with one statement, when the next unit is such a row and has
 * no data yet. The units are in reverse: the next one is the last of the array.
 */
export async function readAhead(database: Knex, units: readonly QueryUnit[]): Promise<void> {
  const ahead: JournalUnit[] = [];
  for (let i = units.length - 1; i >= 0 && ahead.length < JOURNAL_ROWS_PER_READ; i--) {
    const unit = units[i];
    if (!(unit instanceof JournalUnit)) break;
    if (ahead.length === 0 && unit.provided) return;
    ahead.push(unit);
  }
  if (ahead.length === 0) return;
  const byId = new Map(ahead.map((unit) => [unit.id, unit]));
  const rows = await database('journal')
    .whereIn('id', [...byId.keys()])
    .select<{ id: number; data: Buffer }[]>('id', 'data');
  for (const row of rows) byId.get(row.id)?.provide(row.data);
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
