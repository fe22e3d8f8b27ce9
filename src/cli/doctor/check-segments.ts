import { access } from 'node:fs/promises';
import path from 'node:path';
import { checkRecords, quarantine, type DamagedPart } from '../../storage/logs/check-records';
import { printable } from '../printable';
import type { Finding } from './finding';

/** Damaged parts that are named one by one. */
const MAX_NAMED = 10;

/** Every segment and journal row; with `repair`, those that cannot be read are moved to `quarantine/`. */
export async function checkSegments(directory: string, repair: boolean, onPart: () => void): Promise<Finding[]> {
  const file = path.join(directory, 'logs.db');
  if (!(await exists(file))) return [];
  const check = 'stored records';
  try {
    const { segments, journalRows, records, damaged } = await checkRecords(file, onPart);
    const read = `${records} records in ${segments} segments and ${journalRows} journal rows`;
    if (damaged.length === 0) return [{ check, status: 'ok', detail: `${read} can be read` }];
    const named = damaged.slice(0, MAX_NAMED).map(describe).join('; ');
    const lost = damaged.reduce((sum, part) => sum + part.records, 0);
    const detail = `${lost} of ${read} cannot be read: ${named}${damaged.length > MAX_NAMED ? '; …' : ''}`;
    if (!repair) {
      return [
        {
          check,
          status: 'problem',
          detail,
          advice: 'logweir doctor --repair moves them out; the rest goes on either way',
        },
      ];
    }
    const name = `records-${new Date().toISOString().replace(/[:.]/g, '-')}.db`;
    const target = await quarantine(file, path.join(directory, 'quarantine'), damaged, name);
    return [
      { check, status: 'warning', detail, advice: `moved to ${target}; restore a backup to have these records again` },
    ];
  } catch (error) {
    const advice = 'stop the service, keep a copy of the data directory, and restore the last backup';
    return [{ check, status: 'problem', detail: (error as Error).message, advice }];
  }
}

function describe({ table, id, stream, reason }: DamagedPart): string {
  const what = table === 'segments' ? 'segment' : 'journal row';
  return printable(`${what} ${id} of stream ${JSON.stringify(stream)}: ${reason}`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
