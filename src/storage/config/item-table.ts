import type { Knex } from 'knex';
import type { ConfigItem, ItemKind } from './config-store';

/** The kinds of the table `items`: those of the store, and the one item that has no name. */
export type StoredKind = ItemKind | 'system_configuration';

export const STORED_KINDS: ReadonlySet<string> = new Set<StoredKind>([
  'pipeline',
  'transformer',
  'forwarder',
  'auth_provider',
  'system_configuration',
]);

/** An item as it is stored: the body may be encrypted. */
export interface StoredItem extends ConfigItem {
  readonly kind: string;
}

interface ItemRow {
  readonly kind: string;
  readonly name: string;
  readonly body: string;
  /** A number in SQLite, a text in PostgreSQL; so are all 64-bit columns. */
  readonly revision: number | string;
  readonly updated_at: number | string;
}

const ROW_OF_LAST_REVISION = { id: 1 };

export function listNames(database: Knex, kind: StoredKind): Promise<string[]> {
  return database('items').where({ kind }).pluck<string[]>('name');
}

/** Items of one kind, or of all. */
export async function listItems(database: Knex, kind?: StoredKind): Promise<StoredItem[]> {
  const rows: ItemRow[] = await database('items').where(kind === undefined ? {} : { kind });
  return rows.map(itemOf);
}

export async function findItem(database: Knex, kind: StoredKind, name: string): Promise<StoredItem | undefined> {
  const row: ItemRow | undefined = await database('items').where({ kind, name }).first();
  return row === undefined ? undefined : itemOf(row);
}

/** Creates or replaces an item under the next revision. */
export async function writeItem(
  transaction: Knex.Transaction,
  item: Pick<StoredItem, 'kind' | 'name' | 'body' | 'updatedAt'>,
): Promise<number> {
  await transaction('last_revision').where(ROW_OF_LAST_REVISION).increment('revision', 1);
  const row: { revision: number | string } | undefined = await transaction('last_revision')
    .where(ROW_OF_LAST_REVISION)
    .first('revision');
  const revision = Number(row?.revision);
  await transaction('items')
    .insert({ kind: item.kind, name: item.name, body: item.body, revision, updated_at: item.updatedAt })
    .onConflict(['kind', 'name'])
    .merge();
  return revision;
}

export async function removeItem(transaction: Knex.Transaction, kind: string, name: string): Promise<boolean> {
  return (await transaction('items').where({ kind, name }).del()) > 0;
}

export function itemOf(row: ItemRow): StoredItem {
  return {
    kind: row.kind,
    name: row.name,
    body: row.body,
    revision: Number(row.revision),
    updatedAt: Number(row.updated_at),
  };
}
