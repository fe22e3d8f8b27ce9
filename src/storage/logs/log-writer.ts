import type { Knex } from 'knex';
import type { StreamConfig } from '../log-store';
import { monotonicMs } from '../monotonic-clock';
import { storageErrorFrom } from '../sqlite-error';
import { checksum } from './checksum';
import { JournalTable, type JournalRow } from './journal-table';
import { openLogDatabase } from './log-database';
import { dropExpired, giveBackAllPages, giveBackPages } from './retention';
import type { ReaderGate } from './reader-gate';
import type { StreamRow } from './rows';
import type { BuiltSegment } from './segment-builder';
import { SEGMENT_FORMAT_VERSION } from './segment-codec';
import { WriteAheadLog } from './write-ahead-log';

/** One encoded batch for the journal. */
export interface JournalEntry {
  readonly stream: string;
  readonly firstSequence: number;
  readonly recordCount: number;
  readonly minTime: number;
  readonly maxTime: number;
  readonly data: Uint8Array;
}

/** A segment together with what it replaces; all of it, or nothing, takes effect. */
export interface SegmentReplacement {
  readonly streamId: number;
  readonly segment: BuiltSegment;
  /** Rewritten well (merge) or in a hurry (first sealing). */
  readonly density: 0 | 1;
  readonly journalIds: readonly number[];
  readonly segmentIds: readonly number[];
}

/** What the store knows about a stream when it starts. */
export interface StreamState {
  readonly name: string;
  readonly config: StreamConfig;
  readonly nextSequence: number;
}

/** Columns written by one INSERT: SQLite allows 32,766 variables a statement, a column takes seven. */
const COLUMNS_PER_INSERT = 1_000;
const NAMES_PER_INSERT = 1_000;

/** Retention or a deletion was faster than the sealing of what it removed. */
class SourcesGone extends Error {}

/** Owns the only connection that writes logs.db. Calls must not overlap: a worker runs them one after the other. */
export class LogWriter {
  readonly #database: Knex;
  readonly #journal: JournalTable;
  readonly #streamIds = new Map<string, number>();
  /** Field names already noted, by stream. */
  readonly #knownFields = new Map<number, Set<string>>();

  readonly #log: WriteAheadLog;

  private constructor(database: Knex, log: WriteAheadLog) {
    this.#database = database;
    this.#journal = new JournalTable(database);
    this.#log = log;
  }

  static async open(file: string, gate: ReaderGate, warn: (message: string) => void): Promise<LogWriter> {
    const database = await openLogDatabase(file);
    const writer = new LogWriter(database, new WriteAheadLog(database, file, gate, warn));
    await writer.#loadStreams();
    return writer;
  }

  async #loadStreams(): Promise<void> {
    this.#streamIds.clear();
    this.#knownFields.clear();
    const rows = await this.#database<StreamRow>('streams').where({ deleted: 0 }).select('id', 'name');
    for (const row of rows) this.#streamIds.set(row.name, row.id);
  }

  /** The streams as they are on disk. */
  async streams(): Promise<StreamState[]> {
    const rows = await this.#database<StreamRow>('streams').where({ deleted: 0 });
    const ends = await this.#database('journal')
      .groupBy('stream_id')
      .select<{ stream_id: number; end: number }[]>(
        'stream_id',
        this.#database.raw('max(first_sequence + record_count) as ??', ['end']),
      );
    const journalEnd = new Map(ends.map((row) => [row.stream_id, row.end]));
    return rows.map((row) => ({
      name: row.name,
      config: configOf(row),
      nextSequence: Math.max(row.next_sequence, journalEnd.get(row.id) ?? 0),
    }));
  }

  /** Time of arrival of the newest record; undefined when there is none. */
  async newestRecord(): Promise<number | undefined> {
    const newest = (table: string): Promise<{ newest: number | null }[]> =>
      this.#database(table).select(this.#database.raw('max(max_time) as ??', ['newest']));
    const [[segment], [journal]] = await Promise.all([newest('segments'), newest('journal')]);
    const times = [segment?.newest, journal?.newest].filter((time) => typeof time === 'number');
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** Makes entries durable, all of them or none; resolves after fsync. A new stream comes before its first entry. */
  async commit(entries: readonly JournalEntry[]): Promise<void> {
    try {
      const rows: JournalRow[] = [];
      for (const entry of entries) {
        let streamId = this.#streamIds.get(entry.stream);
        if (streamId === undefined) {
          streamId = await insertStream(this.#database, entry.stream);
          this.#streamIds.set(entry.stream, streamId);
        }
        rows.push({
          stream_id: streamId,
          first_sequence: entry.firstSequence,
          record_count: entry.recordCount,
          min_time: entry.minTime,
          max_time: entry.maxTime,
          byte_count: entry.data.length,
          checksum: checksum(entry.data),
          data: Buffer.from(entry.data.buffer, entry.data.byteOffset, entry.data.length),
        });
      }
      await this.#journal.insert(rows);
    } catch (error) {
      throw storageErrorFrom(error, 'cannot write to the journal');
    }
  }

  /** Puts a segment in the place of journal rows or smaller segments. False when these are no longer there. */
  async replace(replacement: SegmentReplacement): Promise<boolean> {
    const { streamId, segment, journalIds, segmentIds } = replacement;
    try {
      await this.#database.transaction(async (transaction) => {
        const removed =
          (await deleteJournal(transaction, journalIds)) + (await deleteSegments(transaction, segmentIds));
        if (removed !== journalIds.length + segmentIds.length) {
          throw new SourcesGone();
        }
        await insertSegment(transaction, replacement);
        await this.#noteFields(transaction, streamId, segment);
        await transaction('streams')
          .where('id', streamId)
          .andWhere('next_sequence', '<=', segment.maxSequence)
          .update({ next_sequence: segment.maxSequence + 1 });
      });
      this.#rememberFields(streamId, segment);
      return true;
    } catch (error) {
      if (error instanceof SourcesGone) return false;
      throw storageErrorFrom(error, 'cannot write a segment');
    }
  }

  async #noteFields(transaction: Knex.Transaction, streamId: number, segment: BuiltSegment): Promise<void> {
    const known = this.#knownFields.get(streamId);
    const fresh = segment.columns.filter((column) => known?.has(column.name) !== true);
    for (let i = 0; i < fresh.length; i += NAMES_PER_INSERT) {
      await transaction('stream_fields')
        .insert(fresh.slice(i, i + NAMES_PER_INSERT).map((column) => ({ stream_id: streamId, name: column.name })))
        .onConflict(['stream_id', 'name'])
        .ignore();
    }
  }

  #rememberFields(streamId: number, segment: BuiltSegment): void {
    let known = this.#knownFields.get(streamId);
    if (known === undefined) {
      known = new Set();
      this.#knownFields.set(streamId, known);
    }
    for (const column of segment.columns) known.add(column.name);
  }

  /** Creates or changes a stream. */
  async configureStream(stream: string, config: StreamConfig): Promise<void> {
    try {
      const streamId = this.#streamIds.get(stream) ?? (await insertStream(this.#database, stream));
      this.#streamIds.set(stream, streamId);
      await this.#database('streams')
        .where('id', streamId)
        .update({ ttl: config.ttl, size: config.size, indexed_fields: JSON.stringify(config.indexed_fields) });
    } catch (error) {
      throw storageErrorFrom(error, `cannot save stream ${JSON.stringify(stream)}`);
    }
  }

  /** Takes a stream away at once; its records are removed step by step, see {@link retain}. */
  async deleteStream(stream: string): Promise<void> {
    try {
      const streamId = this.#streamIds.get(stream);
      if (streamId === undefined) return;
      await this.#database('streams')
        .where('id', streamId)
        // A name that no stream can have, because names have no control characters.
        .update({ deleted: 1, name: `\u0000${streamId}` });
      this.#streamIds.delete(stream);
      this.#knownFields.delete(streamId);
    } catch (error) {
      throw storageErrorFrom(error, `cannot delete stream ${JSON.stringify(stream)}`);
    }
  }

  /** One bounded step of retention; true when there is more to do. */
  async retain(now: number): Promise<boolean> {
    try {
      const more = await dropExpired(this.#database, now);
      return (await giveBackPages(this.#database)) || more;
    } catch (error) {
      throw storageErrorFrom(error, 'cannot remove expired records');
    }
  }

  /** Keeps the write-ahead log from growing; @see WriteAheadLog. */
  async keepLogSmall(): Promise<void> {
    await this.#log.keepSmall(monotonicMs());
  }

  /** A bounded step of giving space back to a disk that is nearly full; true when there is more to do. */
  async makeRoom(now: number): Promise<boolean> {
    try {
      const more = await dropExpired(this.#database, now);
      return (await giveBackAllPages(this.#database)) || more;
    } catch (error) {
      throw storageErrorFrom(error, 'cannot remove expired records');
    }
  }

  /** Marks what cannot be read, so that it is left alone and kept. */
  async markDamaged(table: 'journal' | 'segments', ids: readonly number[]): Promise<void> {
    await this.#database(table).whereIn('id', ids).update({ damaged: 1 });
  }

  async close(): Promise<void> {
    await this.#database.destroy();
  }
}

export function configOf(row: Pick<StreamRow, 'ttl' | 'size' | 'indexed_fields'>): StreamConfig {
  return { ttl: row.ttl, size: row.size, indexed_fields: JSON.parse(row.indexed_fields) as string[] };
}

async function insertStream(database: Knex, name: string): Promise<number> {
  const [row] = await database('streams').insert({ name }).returning<{ id: number }[]>('id');
  if (row === undefined) throw new Error('the database gave no id');
  return row.id;
}

async function deleteJournal(transaction: Knex.Transaction, ids: readonly number[]): Promise<number> {
  return ids.length === 0 ? 0 : transaction('journal').whereIn('id', ids).delete();
}

async function deleteSegments(transaction: Knex.Transaction, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  await transaction('segment_columns').whereIn('segment_id', ids).delete();
  return transaction('segments').whereIn('id', ids).delete();
}

async function insertSegment(transaction: Knex.Transaction, replacement: SegmentReplacement): Promise<void> {
  const { segment } = replacement;
  const [row] = await transaction('segments')
    .insert({
      stream_id: replacement.streamId,
      format_version: SEGMENT_FORMAT_VERSION,
      density: replacement.density,
      min_time: segment.minTime,
      max_time: segment.maxTime,
      min_sequence: segment.minSequence,
      max_sequence: segment.maxSequence,
      record_count: segment.recordCount,
      stored_bytes: segment.storedBytes,
      checksum: checksum(segment.rows),
      row_index: asBuffer(segment.rows),
    })
    .returning<{ id: number }[]>('id');
  if (row === undefined) throw new Error('the database gave no id');
  const rows = segment.columns.map((column) => ({
    segment_id: row.id,
    name: column.name,
    encoding: column.encoding,
    checksum: column.checksum,
    dictionary: asBuffer(column.dictionary),
    filter: asBuffer(column.filter),
    data: asBuffer(column.data),
  }));
  for (let i = 0; i < rows.length; i += COLUMNS_PER_INSERT) {
    await transaction('segment_columns').insert(rows.slice(i, i + COLUMNS_PER_INSERT));
  }
}

/** Bytes that have crossed a thread are plain arrays; the driver binds buffers. */
function asBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
