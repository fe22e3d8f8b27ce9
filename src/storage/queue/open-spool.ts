import path from 'node:path';
import type { Knex } from 'knex';
import { QUARANTINE_FOLDER } from '../set-aside';
import * as entryTable from './entry-table';
import { newQueueUid } from './queue-uid';
import { Spool } from './spool';
import { spoolDirectory } from './spool-directory';
import { makeSpoolRow, readSpoolRow } from './spool-row';

export interface OpenSpoolOptions {
  /** Told what an administrator should know. */
  readonly warn: (message: string) => void;
  /** Size of the spool's files, in bytes. */
  readonly segmentBytes?: number;
}

/** Opens the spool of a queue.db; what is strange about it is told. */
export async function openSpool(database: Knex, file: string, options: OpenSpoolOptions): Promise<Spool> {
  const { warn, segmentBytes } = options;
  const highestId = await entryTable.highestId(database);
  const known = await readSpoolRow(database);
  const { uid, movedUpTo } = known ?? (await makeSpoolRow(database, highestId));
  const live = new Set(await database('queues').whereNotNull('name').pluck<number[]>('id'));
  const directory = path.dirname(file);
  const folder = spoolDirectory(file);
  const spool = Spool.open({
    directory: folder,
    quarantine: path.join(directory, QUARANTINE_FOLDER),
    uid,
    movedUpTo,
    firstId: highestId + 1,
    hasQueue: (queueId) => live.has(queueId),
    segmentBytes,
  });
  const { isNew, foreign, damagedBytes } = spool.findings;
  for (const moved of foreign)
    warn(`a file of the delivery queues did not belong to ${file}: it was moved to ${moved}`);
  if (damagedBytes > 0) warn(`${damagedBytes} bytes of the files in ${folder} can't be read`);
  try {
    if (isNew && known !== undefined && live.size > 0) {
      warn(`the files in ${folder} are gone, and with them what was last put into the delivery queues`);
      // Ids may come again: they must not be taken for the ones before. Ahead of the first file, which is taken for all of them.
      await database.transaction(async (transaction) => {
        for (const id of live) await transaction('queues').where({ id }).update({ uid: newQueueUid() });
      });
    }
    spool.start();
    return spool;
  } catch (error) {
    spool.close();
    throw error;
  }
}
