import type { Knex } from 'knex';
import type { Migration } from '../../migrations';

/** Longest queue name, as long as that of a forwarder, in characters. */
const NAME_LENGTH = 255;

/** Times are milliseconds since the Unix epoch, sizes are bytes. */
export const queues: Migration = {
  name: '001-queues',
  async up(database: Knex): Promise<void> {
    await database.schema.createTable('queues', (table) => {
      table.increments('id');
      // Null once the queue is dropped: it is gone at once, what it held goes in steps.
      table.string('name', NAME_LENGTH).unique();
      table.boolean('paused').notNullable().defaultTo(false);
    });
    await database.schema.createTable('entries', (table) => {
      table.increments('id');
      table.integer('queue_id').notNullable();
      table.bigInteger('appended_at').notNullable();
      table.integer('record_count').notNullable();
      // Records that are still to be delivered; `done` has a bit for each of the others.
      table.integer('remaining').notNullable();
      table.binary('done');
      table.integer('byte_count').notNullable();
      table.bigInteger('checksum').notNullable();
      table.boolean('damaged').notNullable().defaultTo(false);
      table.binary('data').notNullable();
      table.index(['queue_id', 'id']);
    });
    await database.schema.createTable('dead_letters', (table) => {
      table.increments('id');
      table.integer('queue_id').notNullable();
      table.bigInteger('died_at').notNullable();
      table.integer('attempts').notNullable();
      table.text('reason').notNullable();
      // The record: its time of arrival, and its fields as JSON.
      table.bigInteger('arrived_at').notNullable();
      table.text('fields').notNullable();
      table.integer('byte_count').notNullable();
      table.index(['queue_id', 'id']);
    });
  },
};
