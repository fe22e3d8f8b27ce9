import { access } from 'node:fs/promises';
import path from 'node:path';
import { QueueInspector } from '../../storage/queue/queue-inspector';
import { printable } from '../printable';
import type { Finding } from './finding';

/** Everything that waits for forwarders, against its checksums. */
export async function checkQueues(directory: string, onPart: () => void): Promise<Finding[]> {
  const file = path.join(directory, 'queue.db');
  if (!(await exists(file))) return [];
  const check = 'delivery queues';
  let inspector: QueueInspector | undefined;
  try {
    inspector = await QueueInspector.open(file);
    let records = 0;
    const damaged: string[] = [];
    const queues = await inspector.queues();
    for (const { name } of queues) {
      let lost = 0;
      for await (const entry of inspector.entries(name)) {
        if (entry.problem === undefined) records += entry.records.length;
        else lost += entry.lost;
        onPart();
      }
      if (lost > 0) damaged.push(printable(`${lost} records for ${JSON.stringify(name)}`));
    }
    const read = `${records} records in ${queues.length} queues can be read`;
    if (damaged.length === 0) return [{ check, status: 'ok', detail: read }];
    return [
      {
        check,
        status: 'problem',
        detail: `${read}, ${damaged.join(' and ')} cannot`,
        advice: 'they are set aside and not delivered; logweir queue export writes what can be read',
      },
    ];
  } catch (error) {
    const advice = 'stop the service and move queue.db away: what waited for forwarders is lost, all else goes on';
    return [{ check, status: 'problem', detail: (error as Error).message, advice }];
  } finally {
    await inspector?.close();
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
