import type { Knex } from 'knex';
import type { FieldValues, Histogram, StreamUsage } from '../log-store';
import { storageErrorFrom } from '../sqlite-error';
import { countFieldValues, type FieldValuesRequest } from './field-values';
import { countOverTime, type HistogramRequest } from './histogram';
import { JournalBatch } from './journal-codec';
import { QueryRun, type QueryRequest, type QuerySlice } from './query-run';
import { SEGMENT_META, type ColumnRow, type SegmentMeta, type StreamRow } from './rows';
import { decodeColumn, decodeDictionary } from './segment-codec';

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
  async query(request: QueryRequest): Promise<QuerySlice> {
    return this.#reading(async (database) => {
      const { query } = request;
      const stream = await findStream(database, query.stream);
      const run = new QueryRun(database, request, this.#warn);
      return stream === undefined ? run.empty() : run.run(stream);
    });
  }

  /** @throws StorageError `INVALID_FILTER`, `QUERY_TIMEOUT`, `QUERY_CANCELLED` */
  async histogram(request: HistogramRequest): Promise<Histogram> {
    return this.#reading(async (database) =>
      countOverTime(database, await findStream(database, request.query.stream), request, this.#warn),
    );
  }

  /** @throws StorageError `INVALID_FILTER`, `QUERY_TIMEOUT`, `QUERY_CANCELLED` */
  async fieldValues(request: FieldValuesRequest): Promise<FieldValues> {
    return this.#reading(async (database) =>
      countFieldValues(database, await findStream(database, request.query.stream), request, this.#warn),
    );
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
