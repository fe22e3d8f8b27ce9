import type { Knex } from 'knex';
import { StorageError } from '../errors';
import type { SegmentReplacement } from './log-writer';
import { JOURNAL_META, SEGMENT_META, type JournalMeta, type SegmentMeta } from './rows';
import { buildSegment, type RecordSource } from './segment-builder';
import { JournalSource, SegmentSource } from './stored-sources';

/** What the sealer needs of the thread that writes. */
export interface SegmentWriter {
  /** Puts a segment in the place of its sources; false when these are gone. */
  replace(replacement: SegmentReplacement): Promise<boolean>;
  /** Sets sources aside that cannot be read. */
  markDamaged(table: 'journal' | 'segments', ids: readonly number[], reason: string): Promise<void>;
}

export interface SealerOptions {
  /** A journal row older than this, in milliseconds, is sealed even if the segment stays small. */
  readonly maxJournalAgeMs: number;
  /** Records in a full segment. Larger ones compress little better and cost a short answer more. */
  readonly maxSegmentRecords: number;
}

/** A segment is sealed when this many bytes of journal have gathered, however few records they are. */
const MAX_SOURCE_BYTES = 16 * 1024 * 1024;

/** So many small neighbours become one segment. */
const MERGE_WIDTH = 8;

/** Segments merge with others of their own order of magnitude: powers of this number of records. */
const TIER_FACTOR = 8;

/** With a size limit, one segment holds at most this share of it, so that retention is not coarse. */
const SIZE_LIMIT_SHARE = 1 / 8;
const BYTES_PER_MB = 1024 * 1024;

/** So many journal rows slow a query down more than a small segment does. */
const MAX_JOURNAL_ROWS = 2_000;

interface JournalTotals {
  readonly stream_id: number;
  readonly rows: number;
  readonly records: number;
  readonly bytes: number;
  readonly oldest: number;
  readonly newest: number;
}

/**
 * Turns the journal into segments and small segments into larger ones. It only reads; what it builds is written by the
 * one thread that may write.
 */
export class Sealer {
  readonly #database: Knex;
  readonly #writer: SegmentWriter;
  readonly #options: SealerOptions;
  /** Records in the journal when it was last looked at. */
  journalRecords = 0;

  constructor(database: Knex, writer: SegmentWriter, options: SealerOptions) {
    this.#database = database;
    this.#writer = writer;
    this.#options = options;
  }

  /** One piece of work: a sealing if one is due, else a merge. False when there was nothing to do. */
  async step(now: number): Promise<boolean> {
    const due = await this.#dueStream(now);
    if (due !== undefined) return this.#seal(due);
    return this.#merge();
  }

  async #dueStream(now: number): Promise<number | undefined> {
    const totals = await this.#database('journal')
      .join('streams', 'streams.id', 'journal.stream_id')
      .where({ 'journal.damaged': 0, 'streams.deleted': 0 })
      .groupBy('journal.stream_id')
      .select<(JournalTotals & { size: number })[]>(
        'journal.stream_id',
        this.#database.raw(
          'max(streams.size) as size, count(*) as rows, sum(record_count) as records, sum(byte_count) as bytes, ' +
            'min(max_time) as oldest, max(max_time) as newest',
        ),
      );
    this.journalRecords = totals.reduce((sum, total) => sum + total.records, 0);
    const due = totals.filter((total) => this.#isDue(total, now));
    due.sort((a, b) => b.bytes - a.bytes);
    return due[0]?.stream_id;
  }

  #isDue(total: JournalTotals & { size: number }, now: number): boolean {
    const { maxJournalAgeMs, maxSegmentRecords } = this.#options;
    if (total.records >= maxSegmentRecords / 2 || total.bytes >= bytesLimit(total.size)) return true;
    if (total.rows >= MAX_JOURNAL_ROWS) return true;
    // A clock that was set back must not put sealing off.
    return now - total.oldest >= maxJournalAgeMs || total.newest - now >= maxJournalAgeMs;
  }

  async #seal(streamId: number): Promise<boolean> {
    const [stream] = await this.#database('streams').where('id', streamId).select<{ size: number }[]>('size');
    const metas = await this.#database('journal')
      .where({ stream_id: streamId, damaged: 0 })
      .orderBy('id')
      .limit(MAX_JOURNAL_ROWS)
      .select<JournalMeta[]>(...JOURNAL_META);
    const chosen = takeUpTo(metas, this.#options.maxSegmentRecords, bytesLimit(stream?.size ?? 0));
    const data = new Map(
      (
        await this.#database('journal')
          .whereIn(
            'id',
            chosen.map((meta) => meta.id),
          )
          .select<{ id: number; data: Buffer }[]>('id', 'data')
      ).map((row) => [row.id, row.data]),
    );
    const sources: RecordSource[] = [];
    const ids: number[] = [];
    for (const meta of chosen) {
      const bytes = data.get(meta.id);
      // Removed by retention since it was listed.
      if (bytes === undefined) continue;
      const source = await this.#readable('journal', meta.id, () => new JournalSource(meta, bytes));
      if (source === undefined) continue;
      sources.push(source);
      ids.push(meta.id);
    }
    if (sources.length > 0) {
      const segment = buildSegment(sources, 'fast');
      await this.#writer.replace({ streamId, segment, density: 0, journalIds: ids, segmentIds: [] });
    }
    return chosen.length > 0;
  }

  async #merge(): Promise<boolean> {
    const streams = await this.#database('streams')
      .where('deleted', 0)
      .select<{ id: number; size: number }[]>('id', 'size');
    for (const { id, size } of streams) {
      const metas = await this.#database('segments')
        .where({ stream_id: id, damaged: 0 })
        .andWhere((query) => {
          void query.where('density', 0).orWhere('record_count', '<', this.#options.maxSegmentRecords / 2);
        })
        .orderBy(['max_time', 'id'])
        .select<SegmentMeta[]>(...SEGMENT_META);
      const chosen = chooseMerge(metas, this.#options.maxSegmentRecords, mergedBytesLimit(size));
      if (chosen.length > 0) {
        await this.#rewrite(id, chosen);
        return true;
      }
    }
    return false;
  }

  async #rewrite(streamId: number, metas: readonly SegmentMeta[]): Promise<void> {
    const sources: RecordSource[] = [];
    const ids: number[] = [];
    for (const meta of metas) {
      const source = await this.#readable('segments', meta.id, async () => {
        const read = await SegmentSource.read(this.#database, meta);
        // Decoded once here, so that a damaged column is found before anything is built from the others.
        for (const name of read.names) read.column(name);
        return read;
      });
      if (source === undefined) continue;
      sources.push(source);
      ids.push(meta.id);
    }
    if (sources.length === 0) return;
    const segment = buildSegment(sources, 'dense');
    await this.#writer.replace({ streamId, segment, density: 1, journalIds: [], segmentIds: ids });
  }

  async #readable<Source>(
    table: 'journal' | 'segments',
    id: number,
    read: () => Source | Promise<Source>,
  ): Promise<Source | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      await this.#writer.markDamaged(table, [id], error.message);
      return undefined;
    }
  }
}

function bytesLimit(sizeLimitMb: number): number {
  return sizeLimitMb > 0 ? Math.min(MAX_SOURCE_BYTES, sizeLimitMb * BYTES_PER_MB) : MAX_SOURCE_BYTES;
}

function mergedBytesLimit(sizeLimitMb: number): number {
  return sizeLimitMb > 0 ? sizeLimitMb * BYTES_PER_MB * SIZE_LIMIT_SHARE : MAX_SOURCE_BYTES;
}

function takeUpTo(metas: readonly JournalMeta[], records: number, bytes: number): JournalMeta[] {
  const taken: JournalMeta[] = [];
  let recordsLeft = records;
  let bytesLeft = bytes;
  for (const meta of metas) {
    if (taken.length > 0 && (recordsLeft < meta.record_count || bytesLeft < meta.byte_count)) break;
    taken.push(meta);
    recordsLeft -= meta.record_count;
    bytesLeft -= meta.byte_count;
  }
  return taken;
}

/**
 * Segments to rewrite as one: the first run of neighbours in time of one tier that is wide enough, else a full segment
 * that was compressed in a hurry. Empty when there is nothing worth doing.
 *
 * @param metas candidates in order of time
 */
export function chooseMerge(metas: readonly SegmentMeta[], maxRecords: number, maxBytes: number): SegmentMeta[] {
  let run: SegmentMeta[] = [];
  let tier = -1;
  for (const meta of metas) {
    const full = meta.record_count >= maxRecords / 2 || meta.stored_bytes >= maxBytes / 2;
    const metaTier = full ? -1 : tierOf(meta.record_count);
    if (metaTier !== tier || full) run = [];
    tier = metaTier;
    if (full) continue;
    run.push(meta);
    if (run.length === MERGE_WIDTH) return fitting(run, maxRecords, maxBytes);
  }
  const hurried = metas.find((meta) => meta.density === 0 && meta.record_count >= maxRecords / 2);
  return hurried === undefined ? [] : [hurried];
}

function tierOf(records: number): number {
  return Math.floor(Math.log(records) / Math.log(TIER_FACTOR));
}

function fitting(run: readonly SegmentMeta[], maxRecords: number, maxBytes: number): SegmentMeta[] {
  const taken: SegmentMeta[] = [];
  let records = 0;
  let bytes = 0;
  for (const meta of run) {
    records += meta.record_count;
    bytes += meta.stored_bytes;
    if (taken.length >= 2 && (records > maxRecords || bytes > maxBytes)) break;
    taken.push(meta);
  }
  return taken;
}
