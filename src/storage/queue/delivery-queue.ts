import type { RecordBatch, RecordFields } from '../../record';

/** Figures of one queue. */
export interface QueueStats {
  /** Records still to be delivered. */
  readonly records: number;
  /** Stored bytes of the entries that have such records. */
  readonly bytes: number;
  /** When the oldest entry was appended, milliseconds since the Unix epoch; undefined when the queue is empty. */
  readonly oldestAt: number | undefined;
  /** The newest entry's id; 0 for an empty queue. Ids rise with each append. */
  readonly lastId: number;
  readonly deadLetters: number;
  readonly deadLetterBytes: number;
  readonly paused: boolean;
}

/** What a queue may hold, and what happens above it. */
export interface QueueLimit {
  readonly maxBytes: number;
  /** `block` refuses what comes, `drop_newest` drops it, `drop_oldest` drops what waits longest. */
  readonly whenFull: 'block' | 'drop_oldest' | 'drop_newest';
}

/** What an append made of its batch, and of others. */
export interface AppendResult {
  /** Records of the batch that were not taken (`drop_newest`). */
  readonly refused: number;
  /** About how large what was taken is, in bytes. */
  readonly bytes: number;
}

/** Some records that were appended together. */
export interface QueueEntry {
  readonly id: number;
  /** Names the entry among those of all queues of all servers, for ever; with the row behind it, a record. */
  readonly key: string;
  /** Milliseconds since the Unix epoch. */
  readonly appendedAt: number;
  readonly batch: RecordBatch;
  /** A bit for each row that is done with; undefined: none is. */
  readonly done: Uint8Array | undefined;
}

/** A record that no destination will take as it is. */
export interface NewDeadLetter {
  readonly at: number;
  readonly attempts: number;
  readonly reason: string;
  readonly timestamp: number;
  readonly fields: RecordFields;
}

export interface DeadLetter extends NewDeadLetter {
  readonly id: number;
}

export interface DeadLetterPage {
  readonly letters: readonly DeadLetter[];
  /** The id after which to go on; undefined at the end. */
  readonly next: number | undefined;
}

/** What became of records that were read. */
export interface Settlement {
  /** Entries of which no row is left. */
  readonly finished: readonly number[];
  /** Entries of which some rows are left, with a bit for each that is not. */
  readonly progressed: readonly { readonly id: number; readonly done: Uint8Array; readonly remaining: number }[];
  readonly deadLetters: readonly NewDeadLetter[];
  /** Above it the oldest dead letters are dropped. */
  readonly maxDeadLetterBytes: number;
}

/** What was dropped because there was no room, by queue. */
export interface QueueDrops {
  /** Records that waited longest, dropped for newer ones (`drop_oldest`). */
  oldest: number;
  deadLetters: number;
  /** Records that could not be read back; their entries are set aside. */
  damaged: number;
}

/** Which dead letters: all of a queue, or some. */
export type DeadLetterChoice = 'all' | readonly number[];

/**
 * Durable, ordered queues by name, with the records that nobody took beside them. A queue is made by its first use.
 *
 * All methods reject with StorageError: `STORE_FULL` or `STORE_FAILED` when the database can't be written (nothing has changed
 * then), `STORE_CLOSED` after close.
 */
export interface DeliveryQueue {
  /**
   * Appends a batch; resolves once it is on disk (group commit, fsync). The batch must not be changed afterwards.
   * @throws StorageError `BACK_PRESSURE` at once when the queue is full and blocks, or too many bytes wait for the disk;
   *   `STORE_FULL` while the disk is nearly full
   */
  append(queue: string, batch: RecordBatch, limit: QueueLimit): Promise<AppendResult>;
  /** Entries after an id, oldest first, up to about so many stored bytes and at least one if there is any. */
  read(queue: string, afterId: number, maxBytes: number): Promise<QueueEntry[]>;
  /** Notes what became of records, all of it or nothing; resolves once it is on disk. Entries that are gone are no error. */
  settle(queue: string, settlement: Settlement): Promise<void>;

  stats(queue: string): QueueStats;
  drops(queue: string): Readonly<QueueDrops>;
  setPaused(queue: string, paused: boolean): Promise<void>;
  /** What was last kept beside the queue with {@link remember}. */
  memory(queue: string): Promise<string | undefined>;
  /** Keeps a text beside the queue; resolves once it is on disk. */
  remember(queue: string, text: string): Promise<void>;
  /** Drops all entries, and the dead letters too unless they are to be kept. */
  drop(queue: string, options: { readonly keepDeadLetters: boolean }): Promise<void>;

  /** Dead letters with an id above `afterId`, oldest first. */
  deadLetters(queue: string, afterId: number, limit: number): Promise<DeadLetterPage>;
  deadLetter(queue: string, id: number): Promise<DeadLetter | undefined>;
  /** Puts dead letters back to the end of the queue; returns how many there were. A `record` takes the place of all of them. */
  replay(queue: string, choice: DeadLetterChoice, replacement?: RecordFields): Promise<number>;
  /** Returns how many there were. */
  deleteDeadLetters(queue: string, choice: DeadLetterChoice): Promise<number>;

  /** Why the database can't be written just now. */
  readonly failure: string | undefined;
  /** Commits what was accepted, closes the file. */
  close(): Promise<void>;
}
