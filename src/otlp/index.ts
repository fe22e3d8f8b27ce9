export {
  OTLP_JSON_CONTENT_TYPE,
  OTLP_LOGS_GRPC_METHOD,
  OTLP_LOGS_PATH,
  OTLP_PROTOBUF_CONTENT_TYPE,
  type OtlpFormat,
} from './constants';
export { OtlpDecodeError, type OtlpDecodeErrorCode, type OtlpErrorPlace } from './otlp-decode-error';
export { DEFAULT_DECODE_LIMITS, MAX_VALUE_DEPTH, type DecodeLimits } from './decode-limits';
export type { DecodeResult } from './decode-result';
export { decodeLogsProtobuf } from './decode-logs-protobuf';
export { decodeLogsJson } from './decode-logs-json';
export { encodeLogsProtobuf } from './encode-logs-protobuf';
export { encodeLogsJson } from './encode-logs-json';
export { decodeExportLogsResponse, encodeExportLogsResponse, type ExportLogsOutcome } from './export-logs-response';
export { decodeStatusMessage, encodeStatus, type RpcStatus } from './rpc-status';
export { severityText } from './severity';
