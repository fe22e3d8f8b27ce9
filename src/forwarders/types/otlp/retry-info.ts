import type { Metadata } from '@grpc/grpc-js';
import { Reader } from 'protobufjs';
import { MAX_RETRY_AFTER_MS } from '../shared/retry-after';

const DETAILS_KEY = 'grpc-status-details-bin';
const RETRY_INFO_TYPE = 'google.rpc.RetryInfo';

/**
 * Milliseconds that a gRPC server asks to be left alone (google.rpc.RetryInfo in the details of its status, as the OTLP
 * specification has it under "OTLP/gRPC Throttling"); undefined when it does not, or can't be read.
 */
export function retryInfoMs(metadata: Metadata): number | undefined {
  const [details] = metadata.get(DETAILS_KEY);
  if (!Buffer.isBuffer(details)) return undefined;
  try {
    for (const any of fieldsOf(details, 3)) {
      const [type] = fieldsOf(any, 1);
      const [value] = fieldsOf(any, 2);
      if (type === undefined || value === undefined) continue;
      if (!Buffer.from(type).toString('latin1').endsWith(RETRY_INFO_TYPE)) continue;
      const [duration] = fieldsOf(value, 1);
      return duration === undefined ? undefined : Math.min(durationMs(duration), MAX_RETRY_AFTER_MS);
    }
  } catch {
    // What can't be read asks for nothing.
  }
  return undefined;
}

/** Values of a length-delimited field of a message. */
function fieldsOf(message: Uint8Array, field: number): Uint8Array[] {
  const reader = Reader.create(message);
  const values: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === ((field << 3) | 2)) values.push(reader.bytes());
    else reader.skipType(tag & 7);
  }
  return values;
}

/** google.protobuf.Duration: seconds and nanoseconds. */
function durationMs(message: Uint8Array): number {
  const reader = Reader.create(message);
  let milliseconds = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 8) milliseconds += Number(reader.int64()) * 1000;
    else if (tag === 16) milliseconds += reader.int32() / 1e6;
    else reader.skipType(tag & 7);
  }
  return Math.max(0, Math.ceil(milliseconds));
}
