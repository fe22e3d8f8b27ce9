import type { RecordBatch } from '../../record';
import { SyslogBatchBuilder, type SyslogFrame, type SyslogSender } from '../../syslog';
import type { Ingest } from '../../pipeline/ingest';
import { BatchSubmitter } from '../batch-submitter';
import type { InputCounters, Warn } from '../input';

/** A batch goes on when it has so many records ... */
const MAX_BATCH_RECORDS = 2_000;
/** ... or, about, so many bytes. */
const MAX_BATCH_BYTES = 1024 * 1024;

/** Gathers the messages of one listener into batches: what arrives in one turn of the event loop goes on together. */
export class SyslogIntake {
  readonly #counters: InputCounters;
  readonly #builder = new SyslogBatchBuilder();
  readonly #submitter: BatchSubmitter;
  #scheduled = false;
  readonly #flush = (): void => {
    this.#scheduled = false;
    this.flush();
  };

  constructor(ingest: Ingest, counters: InputCounters, warn: Warn) {
    this.#counters = counters;
    this.#submitter = new BatchSubmitter({
      submit: (batch: RecordBatch) => ingest.ingestAll('syslog', batch),
      counters,
      warn,
    });
  }

  /** True while earlier messages wait for the store. */
  get stuck(): boolean {
    return this.#submitter.stuck;
  }

  onRoom(callback: () => void): void {
    this.#submitter.onRoom(callback);
  }

  add(frame: SyslogFrame, arrival: number, sender: SyslogSender): void {
    const builder = this.#builder;
    builder.add(frame, arrival, sender);
    this.#counters.received++;
    if (builder.length >= MAX_BATCH_RECORDS || builder.approximateBytes >= MAX_BATCH_BYTES || builder.full) {
      this.flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#flush);
    }
  }

  flush(): void {
    if (this.#builder.length > 0) this.#submitter.submit(this.#builder.take());
  }

  /** Hands on what was gathered and waits until it is durable, at most `timeoutMs` long. */
  async finish(timeoutMs: number): Promise<void> {
    this.flush();
    await this.#submitter.finish(timeoutMs);
  }
}
