/** A listener that is running. */
export interface RunningInput {
  /** Name in metrics and logs, e.g. `syslog_udp`. */
  readonly name: string;
  /** The address it really listens on, `host:port`. */
  readonly address: string;
  readonly counters: InputCounters;
  /** Takes no more from senders; what was taken is handed on. Resolves when all of it is acknowledged or given up. */
  stop(): Promise<void>;
}

/** Why an input did not hand a record on. Each is a label in the metrics. */
export type InputDropReason =
  /** The sender is not among the allowed origins. */
  | 'origin'
  /** Memory for records in flight was used up (UDP, which cannot wait). */
  | 'back_pressure'
  /** Longer than allowed, with the policy to reject. */
  | 'oversize'
  /** The request or frame could not be understood. */
  | 'malformed'
  /** The pipelines or the store refused it for good. */
  | 'refused'
  /** The service stopped before it could be stored. */
  | 'shutdown';

export const INPUT_DROP_REASONS: readonly InputDropReason[] = [
  'origin',
  'back_pressure',
  'oversize',
  'malformed',
  'refused',
  'shutdown',
];

/** What one input did since the start. */
export class InputCounters {
  /** Records handed to the pipelines or dropped. */
  received = 0;
  bytes = 0;
  /** Records that were stored, forwarded or dropped by a pipeline's own intent. */
  accepted = 0;
  readonly dropped: Record<InputDropReason, number> = {
    origin: 0,
    back_pressure: 0,
    oversize: 0,
    malformed: 0,
    refused: 0,
    shutdown: 0,
  };
  /** Connections now open. */
  connections = 0;
  /** Connections turned away: over the limit or from an origin that is not allowed. */
  connectionsRefused = 0;
}

/** Where inputs tell an administrator what went wrong. */
export type Warn = (message: string) => void;
