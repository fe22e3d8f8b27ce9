import { formatRecordId } from '../../storage/logs/record-id';
import type { AppendedBatch, LogQuery, LogStore, RecordId } from '../../storage/log-store';
import { toApiError } from '../errors/to-api-error';
import type { EventStream } from './event-stream';
import { HistoryCoverage } from './history-coverage';
import type { RecordMatcher } from './record-matcher';

/** Records that are read from the store at once while a watch catches up. */
const PAGE_RECORDS = 1000;

/**
 * Records become visible in the order of their commits, which may differ from the order of their arrival by as long as a commit
 * takes. What arrived shortly before the last event is looked through again.
 */
const REORDER_MS = 2000;

/** Records that wait while a watch catches up; beyond it they are dropped and read from the store instead. */
const MAX_HELD_RECORDS = 20_000;

/** When the store has long told of everything that the last page of the history showed. */
const FORGET_AFTER_MS = 10_000;

/** Latest time of arrival there can be (ECMA-262, section 21.4.1.1). */
const END_OF_TIME_MS = 8.64e15;

/** Text that is collected before it is written: fewer and larger writes. */
const WRITE_CHARACTERS = 32 * 1024;

interface HistoricRecord {
  readonly timestamp: string;
  readonly fields: Readonly<Record<string, string>>;
}

interface SequenceRun {
  readonly first: number;
  last: number;
}

/** Sends the records of one stream as they are stored, beginning after the last event that the reader knows. */
export class LogWatch {
  readonly #store: LogStore;
  readonly #events: EventStream;
  readonly #selection: Pick<LogQuery, 'stream' | 'filter' | 'indexing'>;
  readonly #matcher: RecordMatcher;
  readonly #aborter = new AbortController();
  readonly #unsubscribe: () => void;
  /** What was appended while the watch catches up; undefined once it has. */
  #held: AppendedBatch[] | undefined;
  #heldRecords = 0;
  #holdOverflowed = false;
  /** What the last two readings of the history have shown; empty once nothing of it can come again. */
  #shown: HistoryCoverage[] = [];
  /** Sequence numbers of what was held and then sent, lowest and highest of each run. */
  #released: SequenceRun[] = [];
  #forgetAt = 0;

  /** @param after what the reader has already; absent: it wants only what is new */
  constructor(
    store: LogStore,
    events: EventStream,
    selection: Pick<LogQuery, 'stream' | 'filter' | 'indexing'>,
    matcher: RecordMatcher,
    after?: RecordId,
  ) {
    this.#store = store;
    this.#events = events;
    this.#selection = selection;
    this.#matcher = matcher;
    if (after !== undefined) this.#held = [];
    this.#unsubscribe = store.subscribe(selection.stream, (appended) => this.#onAppended(appended));
    if (after !== undefined) void this.#catchUp(after);
  }

  /** Ends the watch; the answer with it. */
  close(error?: string): void {
    this.#unsubscribe();
    this.#aborter.abort();
    this.#held = undefined;
    this.#events.end(error);
  }

  #onAppended(appended: AppendedBatch): void {
    if (this.#held === undefined) {
      this.#sendAppended(appended);
      return;
    }
    this.#held.push(appended);
    this.#heldRecords += appended.batch.length;
    if (this.#heldRecords > MAX_HELD_RECORDS) {
      this.#held = [];
      this.#heldRecords = 0;
      this.#holdOverflowed = true;
    }
  }

  /** Sends what was stored after a record, then what was held meanwhile, until nothing is left of either. */
  async #catchUp(after: RecordId): Promise<void> {
    let since = after;
    try {
      do {
        this.#holdOverflowed = false;
        since = await this.#sendHistory(since, after);
        await this.#releaseHeld();
      } while (this.#holdOverflowed);
    } catch (error) {
      if (!this.#aborter.signal.aborted) this.close(toApiError(error).message);
      return;
    }
    this.#held = undefined;
    this.#forgetAt = performance.now() + FORGET_AFTER_MS;
  }

  /** Sends what is held, as fast as the reader takes it; stops when some of it had to be dropped, for the store has it. */
  async #releaseHeld(): Promise<void> {
    let run: SequenceRun | undefined;
    while (!this.#holdOverflowed) {
      const appended = this.#held?.shift();
      if (appended === undefined) return;
      const { batch, firstSequence } = appended;
      this.#heldRecords -= batch.length;
      for (const { text } of this.#chunks(appended, this.#rowsToSend(appended))) {
        await this.#events.sendAll(text, this.#aborter.signal);
      }
      if (run === undefined) this.#released.push((run = { first: firstSequence, last: firstSequence }));
      run.last = firstSequence + batch.length - 1;
    }
  }

  /**
   * Sends what the store has since about a time, or has stored later than a sequence number, and the reader has not. Returns where
   * another reading has to begin.
   */
  async #sendHistory(since: RecordId, after: RecordId): Promise<RecordId> {
    const { signal } = this.#aborter;
    const query: LogQuery = {
      ...this.#selection,
      from: Math.max(0, since.timestamp - REORDER_MS),
      to: END_OF_TIME_MS,
      // A clock that was set back gave them earlier times.
      orAfterSequence: since.sequence,
      order: 'oldest',
      limit: PAGE_RECORDS,
    };
    let latest = since.timestamp;
    const coverage = new HistoryCoverage(query.from, since.sequence);
    for (let cursor: string | undefined; ;) {
      const result = await this.#store.query({ ...query, cursor }, signal);
      const records = JSON.parse(Buffer.from(result.json).toString()) as HistoricRecord[];
      let text = '';
      for (const [i, id] of result.ids.entries()) {
        latest = Math.max(latest, id.timestamp);
        if (isKnown(id, after) || this.#wasSent(id)) continue;
        text += this.#format(id, JSON.stringify(records[i]));
        if (text.length < WRITE_CHARACTERS) continue;
        await this.#events.sendAll(text, signal);
        text = '';
      }
      await this.#events.sendAll(text, signal);
      cursor = result.cursor;
      coverage.add(result.ids, cursor === undefined);
      if (cursor === undefined) break;
    }
    this.#shown = [...this.#shown.slice(-1), coverage];
    return { timestamp: latest, sequence: Math.max(since.sequence, coverage.newest) };
  }

  /** Whether a record was sent while the watch caught up. */
  #wasSent(id: RecordId): boolean {
    return (
      this.#shown.some((coverage) => coverage.has(id)) ||
      this.#released.some(({ first, last }) => id.sequence >= first && id.sequence <= last)
    );
  }

  #sendAppended(appended: AppendedBatch): void {
    if (this.#shown.length > 0 && performance.now() > this.#forgetAt) {
      this.#shown = [];
      this.#released = [];
    }
    const rows = this.#rowsToSend(appended);
    let sent = 0;
    for (const { text, events } of this.#chunks(appended, rows)) {
      if (this.#events.full) break;
      this.#events.send(text);
      sent += events;
    }
    this.#events.skip(rows.length - sent);
  }

  #rowsToSend(appended: AppendedBatch): number[] {
    const rows = this.#matcher.matchingRows(appended.batch);
    return this.#shown.length === 0 ? rows : rows.filter((row) => !this.#wasSent(idOf(appended, row)));
  }

  /** Rows as events, some of them together. */
  *#chunks(
    appended: AppendedBatch,
    rows: readonly number[],
  ): Iterable<{ readonly text: string; readonly events: number }> {
    let text = '';
    let events = 0;
    for (const row of rows) {
      const id = idOf(appended, row);
      const timestamp = new Date(id.timestamp).toISOString();
      text += this.#format(id, JSON.stringify({ timestamp, fields: appended.batch.fields(row) }));
      events++;
      if (text.length < WRITE_CHARACTERS) continue;
      yield { text, events };
      text = '';
      events = 0;
    }
    if (events > 0) yield { text, events };
  }

  #format(id: RecordId, json: string): string {
    return `id: ${formatRecordId(this.#selection.stream, id)}\nevent: log\ndata: ${json}\n\n`;
  }
}

function idOf({ batch, firstSequence }: AppendedBatch, row: number): RecordId {
  return { timestamp: batch.timestamps[row] as number, sequence: firstSequence + row };
}

/** A reader that got an event has all that was appended before it, or (of the history) all that arrived before it. */
function isKnown(id: RecordId, after: RecordId): boolean {
  return id.timestamp <= after.timestamp && id.sequence <= after.sequence;
}
