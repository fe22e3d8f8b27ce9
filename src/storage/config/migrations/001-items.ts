import type { Knex } from 'knex';
import { MAX_NAME_LENGTH } from '../../item-name';
import type { Migration } from '../../migrations';

/** One table for all kinds, so that a write of any of them takes the next number of one row of revisions. */
export const items: Migration = {
  name: '001-items',
  async up(database: Knex): Promise<void> {
    await database.schema.createTable('items', (table) => {
      table.string('kind', 32).notNullable();
      table.string('name', MAX_NAME_LENGTH).notNullable();
      table.text('body').notNullable();
      table.bigInteger('revision').notNullable();
      // Milliseconds since the Unix epoch.
      table.bigInteger('updated_at').notNullable();
      table.primary(['kind', 'name']);
    });
    // The last revision given out: it must not fall back when the newest item is deleted.
    await database.schema.createTable('last_revision', (table) => {
      table.integer('id').primary();
      table.bigInteger('revision').notNullable();
    });
    await database('last_revision').insert({ id: 1, revision: 0 });
    await database.schema.createTable('settings', (table) => {
      table.string('name', MAX_NAME_LENGTH).primary();
      table.text('value').notNullable();
    });
  },
};
