import type { RecordBatch } from '../record';

/** Where a record enters a pipeline: `direct` (HTTP, OTLP, other pipelines) or `syslog`. */
export type Entrypoint = 'direct' | 'syslog';

/**
 * What became of the records of a batch that was acknowledged; the others of it are durable where the pipelines sent them.
 * Where a pipeline sends one record several ways, at least one of them stored, it may count as stored alone.
 */
export interface IngestOutcome {
  /** Records that a node failed on: they are in the stream of failed records. */
  readonly failed: number;
  /** Records that pipelines ended by intent: filtered, aborted, no edge. */
  readonly discarded: number;
  /** Records dropped because no pipeline takes them in. */
  readonly unclaimed: number;
}

/** What inputs and ingest routes need of the pipeline engine. */
export interface Ingest {
  /**
   * Runs a batch through one pipeline; resolves once every record is durable wherever the pipeline sent it (records
   * that a node failed on: in the stream of failed records) or was dropped by intent. The batch must not be changed
   * afterwards.
   *
   * After `BACK_PRESSURE` nothing is stored: the batch can be sent again without making duplicates.
   * @throws PipelineError `UNKNOWN_PIPELINE`, `MISSING_ENTRYPOINT`, `PIPELINE_UNAVAILABLE` (its message has the real
   *   cause); StorageError `BACK_PRESSURE`, `STORE_FULL`, …
   */
  ingest(pipeline: string, entrypoint: Entrypoint, batch: RecordBatch): Promise<IngestOutcome>;

  /**
   * The same for several pipelines: all of them get the batch, or none when one cannot take it, so that a sender can send
   * it again without making duplicates.
   * @throws as `ingest`
   */
  ingestInto(pipelines: readonly string[], entrypoint: Entrypoint, batch: RecordBatch): Promise<IngestOutcome>;

  /**
   * Offers a batch to every pipeline that has a source of this entrypoint, and the source an edge. No such pipeline: the
   * batch is dropped and counted. An unavailable pipeline keeps no other from getting it: its copy goes to the stream of
   * failed records.
   *
   * @throws StorageError after all writes came to an end; after `BACK_PRESSURE` nothing is stored
   */
  ingestAll(entrypoint: Entrypoint, batch: RecordBatch): Promise<IngestOutcome>;

  /**
   * Offers a batch to the pipelines of these names alone, otherwise as {@link ingestAll}. The copy for one that does not
   * exist, is unavailable or has no such source goes to the stream of failed records.
   */
  offerTo(pipelines: readonly string[], entrypoint: Entrypoint, batch: RecordBatch): Promise<IngestOutcome>;

  /** True while memory for records in flight is used up: HTTP and OTLP answer 429 or 503. */
  readonly saturated: boolean;
  /** True while enough is in flight to keep the store writing: inputs that can pause unseen (TCP, RELP, UDP's own thread) do so. */
  readonly busy: boolean;
  /** Calls back once, as soon as it is no longer busy (at once when it is not). */
  onDrain(callback: () => void): void;
}
