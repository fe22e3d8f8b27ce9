import { readFile, writeFile } from 'node:fs/promises';
import { compileFilter } from '../../../src/expr';
import type { LogRecord, RecordBatch } from '../../../src/record';
import { StorageError } from '../../../src/storage/errors';
import { formatRecordId, parseRecordId } from '../../../src/storage/logs/record-id';
import type {
  AppendedBatch,
  FieldValues,
  FieldValuesQuery,
  Histogram,
  HistogramQuery,
  LogQuery,
  LogQueryResult,
  LogStore,
  LogStoreStatus,
  RecordId,
  StreamConfig,
  StreamUsage,
} from '../../../src/storage/log-store';

interface StoredRecord extends RecordId {
  readonly record: LogRecord;
}

interface Stream {
  config: StreamConfig;
  readonly records: StoredRecord[];
}

/** The contract of the log store in memory. Failures and pauses can be put in front of appends and queries. */
export class MemoryLogStore implements LogStore {
  saturated = false;
  readonly queries: LogQuery[] = [];
  beforeAppend: () => Promise<void> | void = () => {};
  beforeQuery: (query: LogQuery, signal?: AbortSignal) => Promise<void> | void = () => {};
  /** Between the making of an answer and its arrival. */
  afterQuery: () => Promise<void> | void = () => {};
  readonly #streams = new Map<string, Stream>();
  readonly #listeners = new Map<string, Set<(appended: AppendedBatch) => void>>();
  #nextSequence = 1;

  async append(stream: string, batch: RecordBatch): Promise<void> {
    await this.beforeAppend();
    const { firstSequence } = this.store(stream, batch);
    this.notify({ stream, firstSequence, batch });
  }

  /** Makes records visible to queries without telling the listeners. */
  store(stream: string, batch: RecordBatch): AppendedBatch {
    const firstSequence = this.#nextSequence;
    this.#nextSequence += batch.length;
    const { records } = this.#stream(stream);
    for (let row = 0; row < batch.length; row++) {
      const record = batch.record(row);
      records.push({ timestamp: record.timestamp, sequence: firstSequence + row, record });
    }
    return { stream, firstSequence, batch };
  }

  notify(appended: AppendedBatch): void {
    for (const listener of this.#listeners.get(appended.stream) ?? []) listener(appended);
  }

  /** Listeners of a stream. */
  listeners(stream: string): number {
    return this.#listeners.get(stream)?.size ?? 0;
  }

  onDrain(callback: () => void): void {
    callback();
  }

  async query(query: LogQuery, signal?: AbortSignal): Promise<LogQueryResult> {
    this.queries.push(query);
    const matches = query.filter === undefined ? () => true : predicate(query.filter);
    await this.beforeQuery(query, signal);
    if (signal?.aborted === true) throw new StorageError('QUERY_CANCELLED', 'the query was cancelled');
    const oldest = query.order === 'oldest';
    const sorted = [...(this.#streams.get(query.stream)?.records ?? [])].sort(
      (a, b) => (oldest ? 1 : -1) * compare(a, b),
    );
    const after = query.cursor === undefined ? undefined : parseRecordId(query.cursor);
    if (query.cursor !== undefined && after === undefined)
      throw new StorageError('INVALID_CURSOR', 'the cursor is not one');

    let filterErrors = 0;
    const found: StoredRecord[] = [];
    for (const stored of sorted) {
      const isLater = query.orAfterSequence !== undefined && stored.sequence > query.orAfterSequence;
      if ((stored.timestamp < query.from && !isLater) || stored.timestamp > query.to) continue;
      if (after !== undefined && (oldest ? compare(stored, after) <= 0 : compare(stored, after) >= 0)) continue;
      if (!isIndexed(stored.record, query.indexing)) continue;
      try {
        if (!matches(stored.record.fields)) continue;
      } catch {
        filterErrors++;
        continue;
      }
      found.push(stored);
      if (found.length === query.limit) break;
    }
    const last = found.at(-1);
    await this.afterQuery();
    return {
      json: Buffer.from(
        textOf(
          found.map(({ record }) => rendered(record, query.fields)),
          query.format,
        ),
      ),
      ids: found.map(({ timestamp, sequence }) => ({ timestamp, sequence })),
      cursor: found.length === query.limit && last !== undefined ? formatRecordId(query.stream, last) : undefined,
      filterErrors,
      firstFilterError: filterErrors > 0 ? 'cannot convert' : undefined,
    };
  }

  async histogram(query: HistogramQuery, signal?: AbortSignal): Promise<Histogram> {
    const records = await this.#found(query, signal);
    const { interval, field, limit } = query;
    const starts: number[] = [];
    for (let start = Math.floor(query.from / interval) * interval; start <= query.to; start += interval)
      starts.push(start);
    const countsOf = (chosen: readonly LogRecord[]): number[] =>
      starts.map(
        (start) => chosen.filter(({ timestamp }) => Math.floor(timestamp / interval) * interval === start).length,
      );
    const values = field === undefined ? [] : mostFrequent(records, field).slice(0, limit);
    const groups = values.map(({ value }) => ({
      value,
      counts: countsOf(records.filter(({ fields }) => fields[field as string] === value)),
    }));
    return { starts, counts: countsOf(records), groups: field === undefined ? undefined : groups, filterErrors: 0 };
  }

  async fieldValues(query: FieldValuesQuery, signal?: AbortSignal): Promise<FieldValues> {
    const records = await this.#found(query, signal);
    const values = mostFrequent(records, query.field);
    const present = values.reduce((sum, { count }) => sum + count, 0);
    return {
      values: values.slice(0, query.limit),
      present,
      missing: records.length - present,
      distinct: values.length,
      approximate: false,
      filterErrors: 0,
    };
  }

  async #found({ stream, from, to, filter, indexing }: LogQuery, signal?: AbortSignal): Promise<LogRecord[]> {
    const { json } = await this.query({ stream, from, to, filter, indexing }, signal);
    const records = JSON.parse(Buffer.from(json).toString()) as { timestamp: string; fields: Record<string, string> }[];
    return records.map(({ timestamp, fields }) => ({ timestamp: Date.parse(timestamp), fields }));
  }

  async listStreams(): Promise<Map<string, StreamConfig>> {
    return new Map([...this.#streams].map(([name, { config }]) => [name, config]));
  }

  async getStream(stream: string): Promise<StreamConfig | undefined> {
    return this.#streams.get(stream)?.config;
  }

  async configureStream(stream: string, config: StreamConfig): Promise<void> {
    this.#stream(stream).config = config;
  }

  async deleteStream(stream: string): Promise<void> {
    this.#streams.delete(stream);
  }

  async listFields(stream: string): Promise<string[]> {
    const records = this.#streams.get(stream)?.records ?? [];
    return [...new Set(records.flatMap(({ record }) => Object.keys(record.fields)))].sort();
  }

  async usage(stream: string): Promise<StreamUsage> {
    const records = this.#streams.get(stream)?.records ?? [];
    return { records: records.length, bytes: records.length * 100 };
  }

  async listIndexedValues(stream: string): Promise<Record<string, string[]>> {
    const { config, records = [] } = this.#streams.get(stream) ?? {};
    const entries = (config?.indexed_fields ?? []).map((field) => {
      const values = records.map(({ record }) => record.fields[field]).filter((value) => value !== undefined);
      return [field, [...new Set(values)].sort()] as const;
    });
    return Object.fromEntries(entries);
  }

  subscribe(stream: string, listener: (appended: AppendedBatch) => void): () => void {
    const listeners = this.#listeners.get(stream) ?? new Set();
    this.#listeners.set(stream, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async backup(file: string): Promise<void> {
    await writeFile(file, JSON.stringify([...this.#streams]), { flag: 'wx' });
  }

  async checkBackup(file: string): Promise<void> {
    await streamsOf(file);
  }

  async restore(file: string): Promise<void> {
    const streams = await streamsOf(file);
    this.#streams.clear();
    for (const [name, stream] of streams) this.#streams.set(name, stream);
  }

  status(): LogStoreStatus {
    return { healthy: true, pendingBytes: 0, journalRecords: 0 };
  }

  async close(): Promise<void> {}

  #stream(name: string): Stream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = { config: { ttl: 0, size: 0, indexed_fields: [] }, records: [] };
      this.#streams.set(name, stream);
    }
    return stream;
  }
}

async function streamsOf(file: string): Promise<[string, Stream][]> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as [string, Stream][];
  } catch (error) {
    throw new StorageError('CORRUPT_DATA', 'the file is not a backup of this database', { cause: error });
  }
}

function textOf(records: readonly object[], format: LogQuery['format']): string {
  return format === 'lines' ? records.map((record) => `${JSON.stringify(record)}\n`).join('') : JSON.stringify(records);
}

function mostFrequent(records: readonly LogRecord[], field: string): { value: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { fields } of records) {
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

function predicate(filter: string): (fields: Readonly<Record<string, string>>) => boolean {
  try {
    const compiled = compileFilter(filter);
    return (fields) => compiled.matches(fields);
  } catch (error) {
    const { message, offset } = error as Error & { offset?: number };
    throw new StorageError('INVALID_FILTER', message, { cause: error, offset });
  }
}

function compare(a: RecordId, b: RecordId): number {
  return a.timestamp - b.timestamp || a.sequence - b.sequence;
}

function isIndexed({ fields }: LogRecord, indexing: LogQuery['indexing'] = {}): boolean {
  return Object.entries(indexing).every(([field, values]) => values.includes(fields[field] ?? ''));
}

function rendered({ timestamp, fields }: LogRecord, names: readonly string[] | undefined): object {
  const kept =
    names === undefined ? fields : Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
  return { timestamp: new Date(timestamp).toISOString(), fields: kept };
}
