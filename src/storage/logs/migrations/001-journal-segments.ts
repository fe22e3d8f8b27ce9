import type { Knex } from 'knex';
import type { Migration } from '../../migrations';

/** Longest stream or field name that an index is made for, in characters. */
const NAME_LENGTH = 255;

/** Times are milliseconds since the Unix epoch, sizes are bytes. */
export const journalSegments: Migration = {
  name: '001-journal-segments',
  async up(database: Knex): Promise<void> {
    await database.schema.createTable('streams', (table) => {
      table.increments('id');
      table.string('name', NAME_LENGTH).notNullable().unique();
      table.bigInteger('ttl').notNullable().defaultTo(0);
      table.bigInteger('size').notNullable().defaultTo(0);
      table.text('indexed_fields').notNullable().defaultTo('[]');
      // Sequence numbers below it are used up, also when no record has them any more.
      table.bigInteger('next_sequence').notNullable().defaultTo(1);
      // A deleted stream is gone at once; its records go in steps.
      table.boolean('deleted').notNullable().defaultTo(false);
    });
    await database.schema.createTable('stream_fields', (table) => {
      table.integer('stream_id').notNullable();
      table.text('name').notNullable();
      table.primary(['stream_id', 'name']);
    });
    await database.schema.createTable('journal', (table) => {
      table.increments('id');
      table.integer('stream_id').notNullable();
      table.bigInteger('first_sequence').notNullable();
      table.integer('record_count').notNullable();
      table.bigInteger('min_time').notNullable();
      table.bigInteger('max_time').notNullable();
      table.integer('byte_count').notNullable();
      table.bigInteger('checksum').notNullable();
      table.boolean('damaged').notNullable().defaultTo(false);
      table.binary('data').notNullable();
      table.index(['stream_id', 'id']);
    });
    await database.schema.createTable('segments', (table) => {
      table.increments('id');
      table.integer('stream_id').notNullable();
      table.integer('format_version').notNullable();
      // 0: compressed in a hurry, to be rewritten; 1: compressed well.
      table.integer('density').notNullable();
      table.bigInteger('min_time').notNullable();
      table.bigInteger('max_time').notNullable();
      table.bigInteger('min_sequence').notNullable();
      table.bigInteger('max_sequence').notNullable();
      table.integer('record_count').notNullable();
      table.bigInteger('stored_bytes').notNullable();
      table.bigInteger('checksum').notNullable();
      table.boolean('damaged').notNullable().defaultTo(false);
      table.binary('row_index').notNullable();
      table.index(['stream_id', 'max_time']);
    });
    await database.schema.createTable('segment_columns', (table) => {
      table.increments('id');
      table.integer('segment_id').notNullable();
      table.text('name').notNullable();
      table.integer('encoding').notNullable();
      table.bigInteger('checksum').notNullable();
      // What a query looks at first stands first: SQLite reads a long row only as far as it must.
      table.binary('dictionary');
      table.binary('filter');
      table.binary('data');
      table.unique(['segment_id', 'name']);
    });
  },
};
