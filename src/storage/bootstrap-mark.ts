import type { Knex } from 'knex';

const MARK = 'bootstrapped';

/** Whether a database (one with a `settings` table) went through its first start. */
export async function hasBootstrapMark(database: Knex): Promise<boolean> {
  const row: unknown = await database('settings').where({ name: MARK }).first('value');
  return row !== undefined;
}

/** Notes that the first start is over. */
export async function setBootstrapMark(database: Knex): Promise<void> {
  await database('settings').insert({ name: MARK, value: 'yes' }).onConflict('name').ignore();
}
