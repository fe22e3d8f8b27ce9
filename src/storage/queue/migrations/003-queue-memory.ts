import type { Knex } from 'knex';
import type { Migration } from '../../migrations';

/** What a destination has to know after a restart: when the last mail went, for instance. */
export const queueMemory: Migration = {
  name: '003-queue-memory',
  async up(database: Knex): Promise<void> {
    await database.schema.alterTable('queues', (table) => {
      table.text('memory');
    });
  },
};
