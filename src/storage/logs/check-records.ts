import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Knex } from 'knex';
import { openDatabase } from '../database';
import { openLogDatabase, openLogDatabaseForReading } from './log-database';
import { JOURNAL_META, SEGMENT_META, type JournalMeta, type SegmentMeta } from './rows';
import { JournalSource, SegmentSource } from './stored-sources';

/** A journal row or a segment that cannot be read. */
export interface DamagedPart {
  readonly table: 'journal' | 'segments';
  readonly id: number;
  readonly stream: string;
  /** Records it should have. */
  readonly records: number;
  readonly reason: string;
}

export interface RecordCheck {
  readonly segments: number;
  readonly journalRows: number;
  readonly records: number;
  readonly damaged: readonly DamagedPart[];
}

/** Metadata of so many parts in memory at once. */
const PARTS_PER_STEP = 256;
const DIRECTORY_MODE = 0o700;

/**
 * Reads every journal row and every column of every segment, and holds them against their checksums. Writes nothing; works
 * beside a running server.
 *
 * @param onPart - called after each part, for a display of progress
 * @throws StorageError when the database itself cannot be read
 */
export async function checkRecords(file: string, onPart: () => void = () => undefined): Promise<RecordCheck> {
  const database = await openLogDatabaseForReading(file);
  try {
    const streams = new Map<number, string>();
    for (const { id, name } of await database('streams').select<{ id: number; name: string }[]>('id', 'name')) {
      streams.set(id, name);
    }
    const damaged: DamagedPart[] = [];
    const counts = { segments: 0, journal: 0, records: 0 };
    for (const table of ['segments', 'journal'] as const) {
      for await (const meta of partsOf(database, table)) {
        counts[table]++;
        counts.records += meta.record_count;
        const reason = await problemOf(database, table, meta);
        if (reason !== undefined) {
          const stream = streams.get(meta.stream_id) ?? '';
          damaged.push({ table, id: meta.id, stream, records: meta.record_count, reason });
        }
        onPart();
      }
    }
    return { segments: counts.segments, journalRows: counts.journal, records: counts.records, damaged };
  } finally {
    await database.destroy();
  }
}

/**
 * Moves parts out of the store into a database of their own, with the same tables; the rest is left as it is. Each part is in
 * the other file, on disk, before it leaves the store. Works beside a running server.
 *
 * @param folder - where the other file goes
 * @returns that file
 * @throws StorageError when it cannot be written
 */
export async function quarantine(
  file: string,
  folder: string,
  parts: readonly DamagedPart[],
  name: string,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: DIRECTORY_MODE });
  const target = path.join(folder, name);
  // Made by the same steps as the store: what was moved can be looked at with the same tools.
  await (await openLogDatabase(target)).destroy();
  const database = await openDatabase(file);
  try {
    await database.raw('ATTACH DATABASE ? AS quarantine', [target]);
    for (const { table, id } of parts) await movePart(database, table, id);
    await database.raw('DETACH DATABASE quarantine');
  } finally {
    await database.destroy();
  }
  return target;
}

async function movePart(database: Knex, table: DamagedPart['table'], id: number): Promise<void> {
  // Two transactions: over two files with a write-ahead log, one would not be atomic. What is there twice is not lost.
  await database.transaction(async (transaction) => {
    await transaction.raw('INSERT OR REPLACE INTO quarantine.streams SELECT * FROM main.streams');
    await transaction.raw('INSERT OR REPLACE INTO quarantine.?? SELECT * FROM main.?? WHERE id = ?', [
      table,
      table,
      id,
    ]);
    if (table === 'segments') {
      await transaction.raw(
        'INSERT OR REPLACE INTO quarantine.segment_columns SELECT * FROM main.segment_columns WHERE segment_id = ?',
        [id],
      );
    }
  });
  await database.transaction(async (transaction) => {
    if (table === 'segments') await transaction.raw('DELETE FROM main.segment_columns WHERE segment_id = ?', [id]);
    // Its sequence numbers are used up.
    const [end] = table === 'journal' ? ['first_sequence + record_count'] : ['max_sequence + 1'];
    await transaction.raw(
      `UPDATE main.streams SET next_sequence = max(next_sequence, (SELECT ${end} FROM main.?? AS part WHERE part.id = ?))` +
        ' WHERE id = (SELECT stream_id FROM main.?? AS part WHERE part.id = ?)',
      [table, id, table, id],
    );
    await transaction.raw('DELETE FROM main.?? WHERE id = ?', [table, id]);
  });
}

async function* partsOf(
  database: Knex,
  table: 'journal' | 'segments',
): AsyncGenerator<JournalMeta | SegmentMeta, void> {
  const columns: readonly string[] = table === 'journal' ? JOURNAL_META : SEGMENT_META;
  let last = 0;
  for (;;) {
    const rows = await database(table)
      .where('id', '>', last)
      .orderBy('id')
      .limit(PARTS_PER_STEP)
      .select<(JournalMeta | SegmentMeta)[]>([...columns]);
    yield* rows;
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end.id;
  }
}

/** Why a part cannot be read; undefined when it can, or is gone by now. */
async function problemOf(
  database: Knex,
  table: 'journal' | 'segments',
  meta: JournalMeta | SegmentMeta,
): Promise<string | undefined> {
  try {
    const source =
      table === 'journal'
        ? await journalSource(database, meta as JournalMeta)
        : await segmentSource(database, meta as SegmentMeta);
    if (source === undefined) return undefined;
    for (const name of source.names) source.column(name);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function journalSource(database: Knex, meta: JournalMeta): Promise<JournalSource | undefined> {
  const [row] = await database('journal').where('id', meta.id).select<{ data: Buffer }[]>('data');
  return row === undefined ? undefined : new JournalSource(meta, row.data);
}

async function segmentSource(database: Knex, meta: SegmentMeta): Promise<SegmentSource | undefined> {
  // A server that merges segments meanwhile may have taken it away.
  const [row] = await database('segments').where('id', meta.id).select<{ id: number }[]>('id');
  return row === undefined ? undefined : SegmentSource.read(database, meta);
}
