import { RecordBatch } from '../record';

/** The stream with the service's own warnings and errors, readable like any other. */
export const EVENTS_STREAM = '_events';

/**
 * Events that wait for the store at once. A store that cannot write is the subject of most of them: what finds no room is in
 * the service's log all the same.
 */
const MAX_WAITING = 100;

/** What events are written to. */
export interface EventStore {
  append(stream: string, batch: RecordBatch): Promise<void>;
}

/**
 * Returns a function that writes an event of the service to the stream `_events`. An event that cannot be stored is no event
 * of its own: it would be one more that cannot be stored.
 *
 * @example
 * logger.onSevere = eventsStream(logs);
 */
export function eventsStream(store: EventStore): (level: string, message: string) => void {
  let waiting = 0;
  return (level, message) => {
    if (waiting >= MAX_WAITING) return;
    waiting++;
    const batch = new RecordBatch();
    batch.addRecord(Date.now(), { level, message });
    store
      .append(EVENTS_STREAM, batch)
      .catch(() => undefined)
      .finally(() => waiting--);
  };
}
