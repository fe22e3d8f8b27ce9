import { HTTP_URL_PATTERN } from '../shared/address';
import { COMPRESSION_SCHEMA, HEADERS_SCHEMA, PROXY_SCHEMA } from '../shared/http-settings';
import { TLS_SCHEMA, type TlsSettings } from '../shared/tls-settings';

/** Configuration of an `otlp` forwarder. */
export interface OtlpConfig {
  readonly type: 'otlp';
  readonly endpoint: string;
  readonly protocol?: 'http/protobuf' | 'http/json' | 'grpc';
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly compression?: 'none' | 'gzip';
  readonly proxy?: string;
  readonly tls?: TlsSettings;
}

export const OTLP_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['type', 'endpoint'],
  properties: {
    type: { const: 'otlp' },
    endpoint: {
      type: 'string',
      pattern: HTTP_URL_PATTERN,
      description:
        'Over HTTP the whole URL, /v1/logs included where the receiver has it there: https://collector:4318/v1/logs. ' +
        'With gRPC scheme, host and port: https://collector:4317, or http:// without TLS.',
    },
    protocol: {
      type: 'string',
      enum: ['http/protobuf', 'http/json', 'grpc'],
      default: 'http/protobuf',
      description: 'How logs travel; named as in OTEL_EXPORTER_OTLP_PROTOCOL.',
    },
    headers: { ...HEADERS_SCHEMA, description: 'Headers of every request, by name; metadata with gRPC.' },
    compression: COMPRESSION_SCHEMA,
    proxy: { ...PROXY_SCHEMA, description: `${PROXY_SCHEMA.description} Not with gRPC.` },
    tls: TLS_SCHEMA,
  },
} as const;

/** Sends encoded logs once. */
export interface OtlpTransport {
  /**
   * @param id tells what it carries from all else; sent along when there is one
   * @returns the ExportLogsServiceResponse
   * @throws TemporaryFailure, PermanentFailure, TooLargeFailure, BadRequestFailure
   */
  export(logs: Buffer, signal: AbortSignal, id?: string): Promise<Buffer>;
  close(): void;
}
