import type { Knex } from 'knex';
import { newQueueUid } from '../queue-uid';
import type { Migration } from '../../migrations';

/** Characters of `queues.uid`. */
const UID_LENGTH = 32;

/** Queues of different servers, and those that follow one another under a name, are told apart by what receivers are told. */
export const queueUids: Migration = {
  name: '002-queue-uids',
  async up(database: Knex): Promise<void> {
    await database.schema.alterTable('queues', (table) => {
      table.string('uid', UID_LENGTH).notNullable().defaultTo('');
    });
    const ids: number[] = await database('queues').pluck('id');
    for (const id of ids) await database('queues').where({ id }).update({ uid: newQueueUid() });
  },
};
