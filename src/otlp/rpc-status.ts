import type { OtlpFormat } from './constants';
import * as wire from './wire-fields';
import { WireReader } from './wire-reader';
import { WireWriter } from './wire-writer';

const RETRY_INFO_TYPE_URL = 'type.googleapis.com/google.rpc.RetryInfo';
const MILLISECONDS_PER_SECOND = 1000;
const NANOS_PER_MILLISECOND = 1_000_000;

/** A google.rpc.Status: the body of every OTLP/HTTP answer that is an error, and the details of a gRPC one. */
export interface RpcStatus {
  /** gRPC status code, e.g. 3 for INVALID_ARGUMENT, 14 for UNAVAILABLE. */
  readonly code: number;
  /** For the developer of the sender. */
  readonly message: string;
  /** How long the sender should wait before it tries again, milliseconds; adds a google.rpc.RetryInfo. */
  readonly retryDelayMs?: number;
}

/**
 * Encodes a google.rpc.Status (OTLP specification, "Failures").
 *
 * @example encodeStatus({ code: 14, message: 'store is full', retryDelayMs: 5000 }, 'protobuf');
 */
export function encodeStatus(status: RpcStatus, format: OtlpFormat): Buffer {
  return format === 'json' ? Buffer.from(JSON.stringify(statusMessage(status))) : encodeProtobuf(status);
}

/**
 * The message of a google.rpc.Status in protobuf; "" when it has none.
 * @throws OtlpDecodeError when the bytes are no such message
 */
export function decodeStatusMessage(bytes: Uint8Array): string {
  const reader = new WireReader(bytes);
  const end = bytes.length;
  let message = '';
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag === wire.STATUS_MESSAGE) message = reader.text(end);
    else reader.skipUnknown(tag, end, wire.STATUS_FIELDS);
  }
  return message;
}

function statusMessage({ code, message, retryDelayMs }: RpcStatus): object {
  if (retryDelayMs === undefined) return { code, message };
  // The JSON form of a Duration: seconds with three digits of fraction.
  const retryDelay = `${(wholeMilliseconds(retryDelayMs) / MILLISECONDS_PER_SECOND).toFixed(3)}s`;
  return { code, message, details: [{ '@type': RETRY_INFO_TYPE_URL, retryDelay }] };
}

/** Written from the end to the start, see WireWriter. */
function encodeProtobuf({ code, message, retryDelayMs }: RpcStatus): Buffer {
  const writer = new WireWriter();
  if (retryDelayMs !== undefined) {
    const delay = wholeMilliseconds(retryDelayMs);
    const seconds = Math.floor(delay / MILLISECONDS_PER_SECOND);
    const nanos = (delay % MILLISECONDS_PER_SECOND) * NANOS_PER_MILLISECOND;
    if (nanos > 0) writer.int(wire.DURATION_NANOS, nanos);
    if (seconds > 0) writer.int(wire.DURATION_SECONDS, seconds);
    writer.closeMessage(wire.RETRY_DELAY, 0);
    writer.closeMessage(wire.ANY_VALUE, 0);
    writer.text(wire.ANY_TYPE_URL, RETRY_INFO_TYPE_URL);
    writer.closeMessage(wire.STATUS_DETAILS, 0);
  }
  if (message !== '') writer.text(wire.STATUS_MESSAGE, message);
  if (code !== 0) writer.int(wire.STATUS_CODE, code);
  return writer.finish();
}

function wholeMilliseconds(delay: number): number {
  return Math.max(0, Math.ceil(delay));
}
