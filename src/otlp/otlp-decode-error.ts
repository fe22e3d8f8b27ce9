/**
 * What is wrong with a message:
 * - `TRUNCATED` a field reaches beyond the end of its message
 * - `INVALID_TAG` a field number or wire type that protobuf does not have
 * - `INVALID_VARINT` a variable-length integer longer than ten bytes
 * - `WRONG_WIRE_TYPE` a known field in the encoding of another type
 * - `INVALID_GROUP` a group (a form of field from before proto3) that is not closed, or nests too deep
 * - `INVALID_JSON` not a JSON text
 * - `WRONG_TYPE` a JSON value of another type than its field's
 * - `OUT_OF_RANGE` a number that does not fit its field
 * - `INVALID_VALUE` a text that its field does not allow (hex, base64, enum names)
 */
export type OtlpDecodeErrorCode =
  | 'TRUNCATED'
  | 'INVALID_TAG'
  | 'INVALID_VARINT'
  | 'WRONG_WIRE_TYPE'
  | 'INVALID_GROUP'
  | 'INVALID_JSON'
  | 'WRONG_TYPE'
  | 'OUT_OF_RANGE'
  | 'INVALID_VALUE';

/** Where in a message an error is. */
export interface OtlpErrorPlace {
  /** Offset in the input: bytes for protobuf, UTF-16 units for JSON texts that do not parse. */
  readonly offset?: number;
  /** Path of the JSON value, e.g. `resourceLogs[0].scopeLogs[0].logRecords[3].timeUnixNano`. */
  readonly path?: string;
}

/** A message that cannot be decoded; nothing of it was taken. */
export class OtlpDecodeError extends Error {
  override readonly name = 'OtlpDecodeError';
  readonly code: OtlpDecodeErrorCode;
  readonly offset: number | undefined;
  readonly path: string | undefined;

  constructor(code: OtlpDecodeErrorCode, message: string, place: OtlpErrorPlace = {}) {
    super(message);
    this.code = code;
    this.offset = place.offset;
    this.path = place.path;
  }
}
