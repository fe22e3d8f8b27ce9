import { OtlpDecodeError } from '../../otlp';
import { RequestBodyError } from '../http';
import type { InputRefusalReason, RequestRefusalReason } from '../input';
import * as grpc from './grpc-status';

/** Pause that a sender is asked to make when it is told to come back, in milliseconds. */
const RETRY_DELAY_MS = 1000;

/** What a request that was not taken is answered with, over either transport. */
export interface OtlpFailure {
  readonly httpStatus: number;
  /** Canonical code (google.rpc.Code). */
  readonly grpcCode: number;
  /** For the developer of the sender. */
  readonly message: string;
  /** Set when the sender should send the same request again, milliseconds. */
  readonly retryDelayMs?: number;
  /** What it counts as when the request's records were not counted yet. */
  readonly reason: RequestRefusalReason;
  /** What an administrator has to know of: a kind of warning. */
  readonly warning?: string;
}

/** A request that ends in an answer of its own. */
export class OtlpRefusal extends Error {
  readonly code = 'REFUSED';

  constructor(readonly failure: OtlpFailure) {
    super(failure.message);
    this.name = 'OtlpRefusal';
  }
}

/** Too much is in flight, so the request is not read at all. */
export function saturated(): OtlpRefusal {
  return new OtlpRefusal({
    httpStatus: 429,
    grpcCode: grpc.RESOURCE_EXHAUSTED,
    message: 'the store cannot keep up, send again later',
    retryDelayMs: RETRY_DELAY_MS,
    reason: 'back_pressure',
  });
}

/** A signal that is understood well enough to be refused clearly. */
export function otherSignal(signal: string, where: string): OtlpRefusal {
  return new OtlpRefusal({
    httpStatus: 404,
    grpcCode: grpc.UNIMPLEMENTED,
    message: `${signal} are not accepted here, only logs, at ${where}`,
    reason: 'other_signal',
  });
}

/** Something about the request's form that is not supported. */
export function unsupported(httpStatus: number, grpcCode: number, message: string): OtlpRefusal {
  return new OtlpRefusal({ httpStatus, grpcCode, message, reason: 'unsupported' });
}

/** The answer to whatever was thrown while a request was taken (OTLP specification, "Failures" of both transports). */
export function failureOf(error: unknown): OtlpFailure {
  if (error instanceof OtlpRefusal) return error.failure;
  if (error instanceof RequestBodyError) return bodyFailure(error);
  const { code, message } = error as { code?: unknown; message: string };
  if (error instanceof OtlpDecodeError) {
    return {
      httpStatus: 400,
      grpcCode: grpc.INVALID_ARGUMENT,
      message,
      reason: 'malformed',
      warning: 'a request could not be decoded',
    };
  }
  switch (code) {
    case 'BACK_PRESSURE':
      return {
        httpStatus: 429,
        grpcCode: grpc.RESOURCE_EXHAUSTED,
        message,
        retryDelayMs: RETRY_DELAY_MS,
        reason: 'back_pressure',
      };
    // A pipeline that is missing or broken is repaired by an administrator: senders keep their records until then.
    case 'UNKNOWN_PIPELINE':
    case 'MISSING_ENTRYPOINT':
    case 'PIPELINE_UNAVAILABLE':
    case 'STORE_FULL':
    case 'STORE_FAILED':
    case 'STORE_CLOSED':
      return {
        httpStatus: 503,
        grpcCode: grpc.UNAVAILABLE,
        message,
        retryDelayMs: RETRY_DELAY_MS,
        reason: 'internal',
        warning: 'records are refused',
      };
    default:
      return {
        httpStatus: 500,
        grpcCode: grpc.INTERNAL,
        message: 'internal error',
        reason: 'internal',
        warning: 'internal error',
      };
  }
}

/** How records count that were decoded and then not taken. */
export function refusalReason(failure: OtlpFailure): InputRefusalReason {
  return failure.reason === 'back_pressure' ? 'back_pressure' : 'unavailable';
}

function bodyFailure({ code, message }: RequestBodyError): OtlpFailure {
  switch (code) {
    case 'TOO_LARGE':
      // Without a RetryInfo, which says that sending it again would not help.
      return { httpStatus: 413, grpcCode: grpc.RESOURCE_EXHAUSTED, message, reason: 'too_large' };
    case 'UNSUPPORTED_ENCODING':
      return { httpStatus: 415, grpcCode: grpc.UNIMPLEMENTED, message, reason: 'unsupported' };
    case 'BUSY':
      return {
        httpStatus: 429,
        grpcCode: grpc.RESOURCE_EXHAUSTED,
        message,
        retryDelayMs: RETRY_DELAY_MS,
        reason: 'back_pressure',
      };
    case 'MALFORMED':
      return { httpStatus: 400, grpcCode: grpc.INVALID_ARGUMENT, message, reason: 'malformed' };
    case 'CANCELLED':
      return { httpStatus: 400, grpcCode: grpc.CANCELLED, message, reason: 'cancelled' };
  }
}
