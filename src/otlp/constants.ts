/** Path of the logs service under an OTLP/HTTP endpoint (OTLP specification, "OTLP/HTTP Request"). */
export const OTLP_LOGS_PATH = '/v1/logs';

/** Full gRPC method of the logs service. */
export const OTLP_LOGS_GRPC_METHOD = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

/** Content type of binary OTLP/HTTP requests and responses. */
export const OTLP_PROTOBUF_CONTENT_TYPE = 'application/x-protobuf';

/** Content type of OTLP/HTTP requests and responses in JSON. */
export const OTLP_JSON_CONTENT_TYPE = 'application/json';

/** The two encodings of every OTLP message. */
export type OtlpFormat = 'protobuf' | 'json';
