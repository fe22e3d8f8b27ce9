import { StorageError } from '../errors';
import { invalidNameReason } from '../item-name';
import type { BackupRow } from '../backup';
import { itemOf, STORED_KINDS, type StoredItem } from './item-table';
import { parseSystemConfiguration } from './system-configuration';

/**
 * A row of a backup as item, when it could have been saved here.
 * @throws StorageError `CORRUPT_DATA`
 */
export function checkRestoredItem(row: BackupRow): StoredItem {
  const { kind, name, body } = row;
  if (typeof kind !== 'string' || typeof name !== 'string' || typeof body !== 'string' || !STORED_KINDS.has(kind)) {
    throw new StorageError('CORRUPT_DATA', `the backup is damaged: it has an item of the unknown kind ${String(kind)}`);
  }
  if (kind === 'system_configuration') {
    requireJson(body);
  } else if (invalidNameReason(name) !== undefined) {
    throw new StorageError('CORRUPT_DATA', `the backup is damaged: it has a ${kind} with an impossible name`);
  }
  return itemOf({ kind, name, body, revision: 0, updated_at: Number(row['updated_at']) });
}

function requireJson(body: string): void {
  try {
    parseSystemConfiguration(body);
  } catch (error) {
    throw new StorageError('CORRUPT_DATA', 'the backup is damaged: its system configuration is no JSON', {
      cause: error,
    });
  }
}
