import type { Knex } from 'knex';
import type { Migration } from '../../migrations';

/** Characters of `spool.uid`. */
const UID_LENGTH = 32;

/** One row: what the files of the spool have in their heads, and the last entry that has been moved from there. */
export const spool: Migration = {
  name: '004-spool',
  async up(database: Knex): Promise<void> {
    await database.schema.createTable('spool', (table) => {
      table.string('uid', UID_LENGTH).primary();
      table.bigInteger('moved_up_to').notNullable();
    });
  },
};
