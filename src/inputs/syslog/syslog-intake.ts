import type { Ingest, IngestOutcome } from '../../pipeline/ingest';
import type { RecordBatch } from '../../record';
import { SyslogBatchBuilder, type SyslogFrame, type SyslogSender } from '../../syslog';
import { BatchSubmitter, type OnSettled } from '../batch-submitter';
import type { InputCounters, Warn } from '../input';
import { count, type SenderEntry } from '../ledger';

/** A batch goes on when it has so many records ... */
const MAX_BATCH_RECORDS = 2_000;
/** ... or, about, so many bytes. */
const MAX_BATCH_BYTES = 1024 * 1024;

export interface SyslogIntakeOptions {
  readonly ingest: Ingest;
  /** Pipelines that take the records; none: all that have a syslog source. */
  readonly pipelines: readonly string[];
  readonly counters: InputCounters;
  readonly warn: Warn;
  /** Called when a batch goes on; what it returns is told what became of the batch. */
  readonly onFlush?: () => OnSettled;
}

/** Gathers the messages of one listener into batches: what arrives in one turn of the event loop goes on together. */
export class SyslogIntake {
  readonly #options: SyslogIntakeOptions;
  readonly #builder = new SyslogBatchBuilder();
  readonly #submitter: BatchSubmitter;
  #scheduled = false;
  /** The sender of the message added last, when its clock is to be looked at. */
  #skewed: SenderEntry | undefined;
  readonly #flush = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  constructor(options: SyslogIntakeOptions) {
    this.#options = options;
    const { ingest, pipelines, counters, warn } = options;
    const submit = (batch: RecordBatch): Promise<IngestOutcome> =>
      pipelines.length === 0 ? ingest.ingestAll('syslog', batch) : ingest.offerTo(pipelines, 'syslog', batch);
    this.#submitter = new BatchSubmitter({ submit, counters, warn });
  }

  /** True while earlier messages wait for the store. */
  get stuck(): boolean {
    return this.#submitter.stuck;
  }

  onRoom(callback: () => void): void {
    this.#submitter.onRoom(callback);
  }

  /** Takes a message; the batch goes on in this turn of the event loop, or when it is full. */
  add(frame: SyslogFrame, arrival: number, sender: SyslogSender): void {
    this.addPart(frame, arrival, sender);
    this.flushWhenDue();
  }

  /** Takes a message that must stay in one batch with the next one; {@link flushWhenDue} comes after the last of them. */
  addPart(frame: SyslogFrame, arrival: number, sender: SyslogSender): void {
    this.#skewed = undefined;
    const kind = this.#builder.add(frame, arrival, sender);
    const { counters } = this.#options;
    counters.received++;
    const entry = counters.senders.entry(sender.hostname, arrival);
    entry.received++;
    entry.bytes += frame.end - frame.start;
    count(entry.parsed, kind);
    if (frame.invalidUtf8) count(entry.flagged, 'invalid_utf8');
    if (frame.originalLength !== 0) count(entry.flagged, 'truncated');
    if (frame.part !== 0) count(entry.flagged, 'split');
    // Once a second at most: reading a time costs more than all the rest here.
    if (entry.seen(arrival)) this.#skewed = entry;
  }

  flushWhenDue(): void {
    const builder = this.#builder;
    if (builder.length >= MAX_BATCH_RECORDS || builder.approximateBytes >= MAX_BATCH_BYTES || builder.full) {
      this.flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#flush);
    }
  }

  flush(): void {
    const onSettled = this.#options.onFlush?.();
    if (this.#builder.length === 0) {
      onSettled?.(true);
      return;
    }
    const batch = this.#builder.take();
    if (this.#skewed !== undefined) noteSkew(this.#skewed, batch);
    this.#submitter.submit(batch, onSettled);
  }

  /** Hands on what was gathered and waits until it is durable, at most `timeoutMs` long. */
  async finish(timeoutMs: number): Promise<void> {
    this.flush();
    await this.#submitter.finish(timeoutMs);
  }
}

/** Compares the last message's own time with that of its arrival. */
function noteSkew(entry: SenderEntry, batch: RecordBatch): void {
  const row = batch.length - 1;
  const time = Date.parse(batch.field(row, 'timestamp') ?? '');
  if (!Number.isNaN(time)) entry.clockSkewMs = time - (batch.timestamps[row] as number);
}
