import type { Knex } from 'knex';
import { newQueueUid } from './queue-uid';

/** What queue.db knows of its spool. */
export interface SpoolRow {
  /** What the spool's files have in their heads. */
  readonly uid: string;
  /** Entries up to this one have been moved from the spool, or are gone. */
  readonly movedUpTo: number;
}

/** Undefined when there has been no spool yet. */
export async function readSpoolRow(database: Knex): Promise<SpoolRow | undefined> {
  const row: { uid: string; moved_up_to: number } | undefined = await database('spool').first();
  return row === undefined ? undefined : { uid: row.uid, movedUpTo: row.moved_up_to };
}

/** @param movedUpTo ids that were used before there was a spool */
export async function makeSpoolRow(database: Knex, movedUpTo: number): Promise<SpoolRow> {
  const uid = newQueueUid();
  await database('spool').insert({ uid, moved_up_to: movedUpTo });
  return { uid, movedUpTo };
}

export async function noteMoved(transaction: Knex.Transaction, movedUpTo: number): Promise<void> {
  await transaction('spool').update({ moved_up_to: movedUpTo });
}
