import { decodeLogsJson, decodeLogsProtobuf, type DecodeResult, type OtlpFormat } from '../../otlp';
import type { Ingest } from '../../pipeline/ingest';
import { RecordBatch } from '../../record';
import { senderAddress } from '../../syslog';
import { BodyBudget, BodyExpander, type ContentEncoding } from '../http';
import { InputCounters, type Warn } from '../input';
import { RateLimitedWarning } from '../rate-limited-warning';
import { count, type SenderEntry } from '../ledger';
import * as grpc from './grpc-status';
import { RepeatedRequests } from './repeated-requests';
import { failureOf, OtlpRefusal, refusalReason, saturated, type OtlpFailure } from './otlp-failure';

/** Whether the bearer of a header `Authorization` may send records. */
export type Authorization = 'allowed' | 'unauthenticated' | 'forbidden';
export type Authorize = (header: string | undefined) => Promise<Authorization>;

export interface OtlpIntakeOptions {
  /** Name of the listener. */
  readonly name: string;
  /** Largest body in bytes, as sent and expanded. */
  readonly maxBodyBytes: number;
  /** The pipelines whose direct source takes the records; all of them get all records. */
  readonly pipelines: readonly string[];
  readonly ingest: Ingest;
  readonly warn: Warn;
  /** Who may send; undefined: everybody. */
  readonly authorize?: Authorize;
  /** A request that its sender repeats within so many milliseconds is stored once; 0: again. */
  readonly dedupeWindowMs: number;
}

/** Bodies in memory at once, all requests of a listener together, in bytes. */
const MAX_BODY_BYTES_IN_FLIGHT = 64 * 1024 * 1024;

/** What a body may have around it while it is received: the prefix of a gRPC message, in bytes. */
const MAX_FRAME_BYTES = 5;

const NANOSECONDS_PER_MILLISECOND = 1e6;

/** Bodies decompressed at once: each may grow to the limit, so their number bounds the memory. */
const MAX_PARALLEL_EXPANSIONS = 3;

/** What the OTLP listeners do with a request, whatever it came over: admit, expand, decode, hand on, count. */
export class OtlpIntake {
  readonly counters = new InputCounters();
  /** Of the bodies that are being received. */
  readonly budget: BodyBudget;
  readonly #options: OtlpIntakeOptions;
  readonly #expander = new BodyExpander(MAX_PARALLEL_EXPANSIONS);
  readonly #warning: RateLimitedWarning;
  readonly #repeats: RepeatedRequests<DecodeResult> | undefined;

  constructor(options: OtlpIntakeOptions) {
    this.#options = options;
    this.budget = new BodyBudget(MAX_BODY_BYTES_IN_FLIGHT, options.maxBodyBytes + MAX_FRAME_BYTES);
    this.#warning = new RateLimitedWarning(options.warn);
    const { dedupeWindowMs } = options;
    this.#repeats = dedupeWindowMs > 0 ? new RepeatedRequests(dedupeWindowMs) : undefined;
  }

  get maxBodyBytes(): number {
    return this.#options.maxBodyBytes;
  }

  /**
   * Decides on a request before its body is read.
   * @throws OtlpRefusal when the sender may not send, or should come back later
   */
  async admit(authorization: string | undefined): Promise<void> {
    const { authorize, ingest } = this.#options;
    if (authorize !== undefined) {
      const decision = await authorize(authorization);
      if (decision !== 'allowed') throw this.#unauthorized(decision);
    }
    if (ingest.saturated) throw saturated();
  }

  /**
   * Takes a request's body; resolves once its records are durable.
   * @param address where it came from, without port
   * @throws whatever {@link refuse} takes
   */
  async take(sent: Buffer, encoding: ContentEncoding, format: OtlpFormat, address: string): Promise<DecodeResult> {
    this.counters.bytes += sent.length;
    if (this.#repeats === undefined) return this.#take(sent, encoding, format, address);
    const arrival = Date.now();
    const { result, isRepeated } = await this.#repeats.once(address, sent, arrival, () =>
      this.#take(sent, encoding, format, address),
    );
    const records = result.records + result.rejected;
    if (isRepeated && records > 0) this.counters.drop(senderAddress(address), 'duplicate', records, arrival);
    return result;
  }

  async #take(sent: Buffer, encoding: ContentEncoding, format: OtlpFormat, address: string): Promise<DecodeResult> {
    const { counters } = this;
    const body = await this.#expander.expand(sent, encoding, this.#options.maxBodyBytes);
    const batch = new RecordBatch();
    const decode = format === 'protobuf' ? decodeLogsProtobuf : decodeLogsJson;
    const arrival = Date.now();
    const result = decode(body, arrival, batch);
    counters.received += result.records + result.rejected;
    counters.refused.invalid += result.rejected;
    const sender = counters.senders.entry(senderAddress(address), arrival);
    sender.received += result.records + result.rejected;
    sender.bytes += sent.length;
    if (result.records > 0) count(sender.parsed, format, result.records);
    if (result.rejected > 0) count(sender.refused, 'invalid', result.rejected);
    if (sender.seen(arrival)) noteSkew(sender, batch, arrival);
    try {
      const outcome = await this.#options.ingest.ingestInto(this.#options.pipelines, 'direct', batch);
      counters.acknowledge(result.records, outcome);
      return result;
    } catch (error) {
      const failure = failureOf(error);
      counters.refused[refusalReason(failure)] += result.records;
      count(sender.refused, refusalReason(failure), result.records);
      this.#warn(failure, error);
      throw new CountedFailure(failure);
    }
  }

  /**
   * Counts what ended a request, tells the administrator where that helps, and returns what the sender is told.
   * @param address where the request came from, without port
   */
  refuse(error: unknown, address: string): OtlpFailure {
    if (error instanceof CountedFailure) return error.failure;
    const failure = failureOf(error);
    this.counters.refuseRequest(senderAddress(address), failure.reason, Date.now());
    this.#warn(failure, error);
    return failure;
  }

  /** Tells the administrator of something about the transport, at most once a minute for each kind. */
  warn(kind: string, message: string): void {
    this.#warning.write(kind, `${this.#options.name}: ${message}`);
  }

  #warn({ warning }: OtlpFailure, error: unknown): void {
    if (warning !== undefined) this.warn(warning, `${warning}: ${(error as Error).message}`);
  }

  #unauthorized(decision: 'unauthenticated' | 'forbidden'): OtlpRefusal {
    return decision === 'unauthenticated'
      ? new OtlpRefusal({
          httpStatus: 401,
          grpcCode: grpc.UNAUTHENTICATED,
          message: 'a token is needed: send it as "Authorization: Bearer …"',
          reason: 'unauthorized',
        })
      : new OtlpRefusal({
          httpStatus: 403,
          grpcCode: grpc.PERMISSION_DENIED,
          message: 'the token does not have the scope send_logs',
          reason: 'unauthorized',
        });
  }
}

/** Compares the last record's own time with that of its arrival; batching makes it some seconds old. */
function noteSkew(sender: SenderEntry, batch: RecordBatch, arrival: number): void {
  const nanoseconds = Number(batch.field(batch.length - 1, 'time_unix_nano') ?? 0);
  if (nanoseconds > 0) sender.clockSkewMs = Math.round(nanoseconds / NANOSECONDS_PER_MILLISECOND - arrival);
}

/** A failure whose records are counted already. */
class CountedFailure extends Error {
  readonly code = 'COUNTED_FAILURE';

  constructor(readonly failure: OtlpFailure) {
    super(failure.message);
    this.name = 'CountedFailure';
  }
}
