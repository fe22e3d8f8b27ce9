import type { RunningInput } from '../inputs';
import type { DryRunResult, EngineCounters, Ingest, ValidFlow } from '../pipeline';
import type { ForwarderService } from '../forwarders';
import type { AuthStore } from '../storage/auth/auth-store';
import type { ConfigStore } from '../storage/config/config-store';
import type { LogStore } from '../storage/log-store';
import type { TransformerOptions } from '../vrl';
import type { Sessions } from './auth/authenticator';

/** A change that somebody made over the API. */
export interface AuditEntry {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** Undefined for a login that failed. */
  readonly user?: string;
  readonly tokenUuid?: string;
  readonly address: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** HTTP status of the answer: refused changes are told too. */
  readonly status: number;
}

/** What the API needs of the pipeline engine beside ingestion. */
export interface Flows {
  /**
   * Checks a flow before it is saved under a name.
   * @throws PipelineError `INVALID_FLOW` with all problems
   */
  validate(pipeline: string, flow: unknown): ValidFlow;
  /** Takes records through a flow without any effect. */
  dryRun(pipeline: string, flow: unknown, records: readonly Readonly<Record<string, string>>[]): DryRunResult;
  /** Whether there is a pipeline of this name. */
  has(pipeline: string): boolean;
  /** What the pipelines did so far. */
  readonly counters: Pick<EngineCounters, 'pipelines'>;
}

/** What the API is built on. */
export interface ApiDependencies {
  readonly auth: AuthStore;
  readonly sessions: Sessions;
  readonly config: ConfigStore;
  readonly logs: LogStore;
  readonly ingest: Ingest;
  readonly flows: Flows;
  readonly forwarders: ForwarderService;
  /** Where backups are put together and uploads are received: on the file system of the data, for nobody else to read. */
  readonly temporaryDirectory: string;
  /** Largest body of an ingest request in bytes, as sent and expanded. */
  readonly maxIngestBodyBytes?: number;
  /** Origins whose pages may use the API from a browser, `*` for all; none unless given. */
  readonly corsOrigins?: readonly string[];
  /** Path that everything lies below, such as `/logs`; the root unless given. */
  readonly mountPath?: string;
  /** Checks answers against the description as well, which costs time: for tests. */
  readonly validateResponses?: boolean;
  /** What trials of transformers may do, which is what the pipelines' transformers may. */
  readonly transformerOptions?: TransformerOptions;
  /** The listeners; none unless given. */
  readonly inputs?: () => readonly RunningInput[];
  /** Streams that the service writes about itself, which are listed only when asked for; `_audit` unless given. */
  readonly internalStreams?: readonly string[];
  /** Told of every request that changes something other than records. */
  readonly audit?: (entry: AuditEntry) => void;
  /** Told of failures that clients only see as an internal error. */
  readonly onInternalError?: (error: unknown, operation: string) => void;
  /** Milliseconds since the Unix epoch; the system's clock unless a test says otherwise. */
  readonly now?: () => number;
}
