import type { OtlpFormat } from './constants';
import { JsonReader } from './json-reader';
import { parseJson } from './parse-json';
import * as wire from './wire-fields';
import { WireReader } from './wire-reader';
import { WireWriter } from './wire-writer';

/** What a server says about a request that it took, wholly or in part. */
export interface ExportLogsOutcome {
  /** Records that were not taken and must not be sent again. */
  readonly rejected: number;
  /** Why they were not, or a warning when none was rejected; "" for none. */
  readonly message: string;
}

const TWO_32 = 4294967296;

/**
 * Encodes an ExportLogsServiceResponse. Full success leaves partial_success unset, as OTLP asks for: no bytes at all
 * in protobuf, `{}` in JSON.
 *
 * @example encodeExportLogsResponse({ rejected: 2, message: 'value nested deeper than 64 levels' }, 'json');
 */
export function encodeExportLogsResponse({ rejected, message }: ExportLogsOutcome, format: OtlpFormat): Buffer {
  const partial = rejected !== 0 || message !== '';
  if (format === 'json') {
    const partialSuccess = { rejectedLogRecords: String(rejected), errorMessage: message };
    return Buffer.from(JSON.stringify(partial ? { partialSuccess } : {}));
  }
  const writer = new WireWriter();
  if (message !== '') writer.text(wire.ERROR_MESSAGE, message);
  if (rejected !== 0) writer.int(wire.REJECTED_LOG_RECORDS, rejected);
  if (partial) writer.closeMessage(wire.PARTIAL_SUCCESS, 0);
  return writer.finish();
}

/**
 * Decodes an ExportLogsServiceResponse; an empty message is full success.
 *
 * @throws OtlpDecodeError when the bytes are no such message
 */
export function decodeExportLogsResponse(bytes: Uint8Array, format: OtlpFormat): ExportLogsOutcome {
  return format === 'json' ? decodeJson(bytes) : decodeProtobuf(bytes);
}

function decodeJson(bytes: Uint8Array): ExportLogsOutcome {
  const reader = new JsonReader();
  const response = reader.object(parseJson(bytes));
  const value = response.partialSuccess ?? response.partial_success ?? undefined;
  if (value === undefined) return { rejected: 0, message: '' };
  reader.enter('partialSuccess');
  const partial = reader.object(value);
  const rejected = partial.rejectedLogRecords ?? partial.rejected_log_records ?? 0;
  return {
    rejected: Number(reader.int64(rejected, 'rejectedLogRecords')),
    message: reader.text(partial.errorMessage ?? partial.error_message, 'errorMessage'),
  };
}

function decodeProtobuf(bytes: Uint8Array): ExportLogsOutcome {
  const reader = new WireReader(bytes);
  const end = bytes.length;
  let rejected = 0;
  let message = '';
  while (reader.pos < end) {
    const tag = reader.tag(end);
    if (tag !== wire.PARTIAL_SUCCESS) {
      reader.skipUnknown(tag, end, wire.RESPONSE_FIELDS);
      continue;
    }
    const partialEnd = reader.delimitedEnd(end);
    while (reader.pos < partialEnd) {
      const partialTag = reader.tag(partialEnd);
      if (partialTag === wire.REJECTED_LOG_RECORDS) {
        reader.varint(partialEnd);
        rejected = (reader.high | 0) * TWO_32 + reader.low;
      } else if (partialTag === wire.ERROR_MESSAGE) {
        message = reader.text(partialEnd);
      } else {
        reader.skipUnknown(partialTag, partialEnd, wire.PARTIAL_SUCCESS_FIELDS);
      }
    }
  }
  return { rejected, message };
}
