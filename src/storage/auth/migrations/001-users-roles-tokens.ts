import type { Knex } from 'knex';
import { MAX_NAME_LENGTH } from '../../item-name';
import type { Migration } from '../../migrations';

/** Times are milliseconds since the Unix epoch; scopes are names parted by a blank (as in RFC 6749, section 3.3). */
export const usersRolesTokens: Migration = {
  name: '001-users-roles-tokens',
  async up(database: Knex): Promise<void> {
    await database.schema.createTable('users', (table) => {
      table.string('name', MAX_NAME_LENGTH).primary();
      table.text('password_hash').notNullable();
      table.bigInteger('credentials_version').notNullable();
    });
    // A role may be given before it is made and outlive its removal, so this is no foreign key.
    await database.schema.createTable('user_roles', (table) => {
      table.string('user_name', MAX_NAME_LENGTH).notNullable().references('name').inTable('users').onDelete('CASCADE');
      table.string('role_name', MAX_NAME_LENGTH).notNullable();
      table.integer('position').notNullable();
      table.primary(['user_name', 'role_name']);
    });
    await database.schema.createTable('roles', (table) => {
      table.string('name', MAX_NAME_LENGTH).primary();
      table.text('scopes').notNullable();
    });
    await database.schema.createTable('tokens', (table) => {
      table.string('uuid', 36).primary();
      table.string('hash', 64).notNullable().unique();
      table.string('user_name', MAX_NAME_LENGTH).notNullable().references('name').inTable('users').onDelete('CASCADE');
      table.string('name', MAX_NAME_LENGTH);
      table.text('scopes');
      table.bigInteger('created_at').notNullable();
      table.bigInteger('expires_at');
      table.bigInteger('last_used_at');
      table.index('user_name');
    });
    await database.schema.createTable('settings', (table) => {
      table.string('name', MAX_NAME_LENGTH).primary();
      table.text('value').notNullable();
    });
  },
};
