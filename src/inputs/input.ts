import type { IngestOutcome } from '../pipeline/ingest';
import { count, SenderTable } from './ledger';

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

/** Why a received record is gone. Each is a label in the metrics. */
export type InputDropReason =
  /** The sender is not among the allowed origins. */
  | 'origin'
  /** Memory for records in flight was used up (UDP, which cannot wait). */
  | 'back_pressure'
  /** Its sender sends more than it may, and cannot be slowed down. */
  | 'rate_limit'
  /** Its sender repeated a request that is stored already. */
  | 'duplicate'
  /** Longer than allowed, with the policy to reject. */
  | 'oversize'
  /** The frame could not be understood. */
  | 'malformed'
  /** The pipelines or the store refused it for good, and the sender cannot be told. */
  | 'refused'
  /** The service stopped before it could be stored. */
  | 'shutdown'
  /** The pipelines ended it by intent: filtered, aborted, no edge. */
  | 'filtered'
  /** No pipeline takes it in. */
  | 'unclaimed';

export const INPUT_DROP_REASONS: readonly InputDropReason[] = [
  'origin',
  'back_pressure',
  'rate_limit',
  'duplicate',
  'oversize',
  'malformed',
  'refused',
  'shutdown',
  'filtered',
  'unclaimed',
];

/** Why a received record was given back: its sender was told so. */
export type InputRefusalReason =
  /** Too much is in flight; the sender is asked to send again. */
  | 'back_pressure'
  /** A pipeline or the store cannot take it now; the sender is asked to send again. */
  | 'unavailable'
  /** It is beyond a limit and must not be sent again. */
  | 'invalid';

export const INPUT_REFUSAL_REASONS: readonly InputRefusalReason[] = ['back_pressure', 'unavailable', 'invalid'];

/** Why a request was answered with an error before it was known how many records it holds. */
export type RequestRefusalReason =
  /** Too much is in flight. */
  | 'back_pressure'
  /** No token, or not one that may send records. */
  | 'unauthorized'
  /** As sent or expanded, above the size limit. */
  | 'too_large'
  /** It could not be decoded. */
  | 'malformed'
  /** An encoding, media type, path or method that is not accepted here. */
  | 'unsupported'
  /** Traces, metrics or profiles. */
  | 'other_signal'
  /** The sender went away. */
  | 'cancelled'
  | 'internal';

export const REQUEST_REFUSAL_REASONS: readonly RequestRefusalReason[] = [
  'back_pressure',
  'unauthorized',
  'too_large',
  'malformed',
  'unsupported',
  'other_signal',
  'cancelled',
  'internal',
];

/**
 * What one input did since the start. Once nothing is in flight,
 * `received` = `accepted` + `failed` + the sum of `refused` + the sum of `dropped`.
 */
export class InputCounters {
  /** Records that arrived, whatever became of them. */
  received = 0;
  bytes = 0;
  /** Records that are durable where the pipelines sent them. */
  accepted = 0;
  /** Records that a pipeline failed on: they are in the stream of failed records. */
  failed = 0;
  readonly refused = zeros(INPUT_REFUSAL_REASONS);
  readonly dropped = zeros(INPUT_DROP_REASONS);
  readonly refusedRequests = zeros(REQUEST_REFUSAL_REASONS);
  readonly senders = new SenderTable();
  /** Connections now open. */
  connections = 0;
  /** Connections turned away: over the limit or from an origin that is not allowed. */
  connectionsRefused = 0;

  /** Counts records of a sender that are gone. @param arrival milliseconds since the epoch */
  drop(address: string, reason: InputDropReason, records: number, arrival: number): void {
    this.received += records;
    this.dropped[reason] += records;
    const sender = this.senders.entry(address, arrival);
    sender.received += records;
    count(sender.dropped, reason, records);
    sender.seen(arrival);
  }

  /** Counts a request of a sender that was refused before its records were counted. @param now milliseconds since the epoch */
  refuseRequest(address: string, reason: RequestRefusalReason, now: number): void {
    this.refusedRequests[reason]++;
    const sender = this.senders.entry(address, now);
    count(sender.refusedRequests, reason);
    sender.seen(now);
  }

  /** Counts a batch that was acknowledged. */
  acknowledge(records: number, { failed, discarded, unclaimed }: IngestOutcome): void {
    this.accepted += records - failed - discarded - unclaimed;
    this.failed += failed;
    this.dropped.filtered += discarded;
    this.dropped.unclaimed += unclaimed;
  }

  /** Records that were received and of which it is not yet known what becomes of them. */
  get inFlight(): number {
    return this.received - this.accepted - this.failed - sum(this.refused) - sum(this.dropped);
  }
}

function zeros<Reason extends string>(reasons: readonly Reason[]): Record<Reason, number> {
  return Object.fromEntries(reasons.map((reason) => [reason, 0])) as Record<Reason, number>;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Where inputs tell an administrator what went wrong. */
export type Warn = (message: string) => void;
