import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  decodeLogsJson,
  decodeLogsProtobuf,
  encodeExportLogsResponse,
  encodeStatus,
  OTLP_JSON_CONTENT_TYPE,
  OTLP_LOGS_PATH,
  OTLP_PROTOBUF_CONTENT_TYPE,
  OtlpDecodeError,
  type DecodeResult,
  type OtlpFormat,
} from '../../otlp';
import type { Ingest } from '../../pipeline/ingest';
import { RecordBatch } from '../../record';
import { BodyBudget, BodyExpander, contentEncoding, mediaType, readBody, RequestBodyError } from '../http';
import { InputCounters, type RunningInput, type Warn } from '../input';
import { RateLimitedWarning } from '../rate-limited-warning';

export interface OtlpHttpListenerOptions {
  readonly name: string;
  /** Undefined: every interface, IPv6 and IPv4. */
  readonly host: string | undefined;
  readonly port: number;
  /** Largest body in bytes, as sent and expanded. */
  readonly maxBodyBytes: number;
  /** The pipeline whose direct source takes the records. */
  readonly pipeline: string;
  readonly ingest: Ingest;
  readonly warn: Warn;
  /** How long requests in flight may take when the listener stops, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/** Canonical status codes (google.rpc.Code) that this listener answers with. */
const GRPC_INVALID_ARGUMENT = 3;
const GRPC_NOT_FOUND = 5;
const GRPC_RESOURCE_EXHAUSTED = 8;
const GRPC_UNIMPLEMENTED = 12;
const GRPC_INTERNAL = 13;
const GRPC_UNAVAILABLE = 14;

/** Pause that a sender is asked to make when it is told to come back. */
const RETRY_AFTER_SECONDS = 1;

/** Bodies in memory at once, all requests together, in bytes. */
const MAX_BODY_BYTES_IN_FLIGHT = 64 * 1024 * 1024;

/** Bodies decompressed at once: each may grow to the limit, so their number bounds the memory. */
const MAX_PARALLEL_EXPANSIONS = 3;

/** Paths of the other signals, which are understood well enough to be refused clearly. */
const OTHER_SIGNALS = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
  ['/v1development/profiles', 'profiles'],
]);

/** A request that ends in a status of its own. */
class Refusal extends Error {
  constructor(
    readonly httpStatus: number,
    readonly grpcCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** OTLP/HTTP for logs (OpenTelemetry Protocol specification, "OTLP/HTTP"). */
export class OtlpHttpListener implements RunningInput {
  readonly name: string;
  readonly counters = new InputCounters();
  readonly #options: OtlpHttpListenerOptions;
  readonly #server: Server;
  readonly #warning: RateLimitedWarning;
  readonly #budget = new BodyBudget(MAX_BODY_BYTES_IN_FLIGHT);
  readonly #expander = new BodyExpander(MAX_PARALLEL_EXPANSIONS);

  private constructor(options: OtlpHttpListenerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#warning = new RateLimitedWarning(options.warn);
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.on('connection', (socket) => {
      this.counters.connections++;
      socket.on('close', () => this.counters.connections--);
    });
  }

  /** @throws NodeJS.ErrnoException when the address cannot be bound */
  static async start(options: OtlpHttpListenerOptions): Promise<OtlpHttpListener> {
    const listener = new OtlpHttpListener(options);
    listener.#server.listen({ host: options.host, port: options.port });
    await once(listener.#server, 'listening');
    return listener;
  }

  get address(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    const timeout = setTimeout(() => this.#server.closeAllConnections(), this.#options.drainTimeoutMs);
    await closed;
    clearTimeout(timeout);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const format = formatOf(request);
    try {
      const result = await this.#export(request, format);
      const body = encodeExportLogsResponse(
        { rejected: result.rejected, message: result.firstError ?? '' },
        format ?? 'json',
      );
      answer(response, 200, format ?? 'json', body);
    } catch (error) {
      this.#refuse(response, format ?? 'json', error);
    }
  }

  async #export(request: IncomingMessage, format: OtlpFormat | undefined): Promise<DecodeResult> {
    checkTarget(request);
    if (format === undefined) {
      const sent = request.headers['content-type'] ?? 'none';
      const allowed = `${OTLP_PROTOBUF_CONTENT_TYPE} or ${OTLP_JSON_CONTENT_TYPE}`;
      throw new Refusal(
        415,
        GRPC_INVALID_ARGUMENT,
        `content type ${JSON.stringify(sent)} is not accepted, use ${allowed}`,
      );
    }
    if (this.#options.ingest.saturated) {
      throw new Refusal(503, GRPC_UNAVAILABLE, 'the store cannot keep up, send again later');
    }
    const encoding = contentEncoding(request.headers['content-encoding']);
    let taken = 0;
    try {
      const sent = await readBody(request, this.#options.maxBodyBytes, (bytes) => {
        this.#budget.take(bytes);
        taken += bytes;
      });
      this.counters.bytes += sent.length;
      const body = await this.#expander.expand(sent, encoding, this.#options.maxBodyBytes);
      return await this.#ingest(body, format);
    } finally {
      this.#budget.release(taken);
    }
  }

  async #ingest(body: Buffer, format: OtlpFormat): Promise<DecodeResult> {
    const batch = new RecordBatch();
    const decode = format === 'protobuf' ? decodeLogsProtobuf : decodeLogsJson;
    const result = decode(body, Date.now(), batch);
    const { counters } = this;
    counters.received += result.records + result.rejected;
    counters.dropped.malformed += result.rejected;
    try {
      await this.#options.ingest.ingest(this.#options.pipeline, 'direct', batch);
      counters.accepted += result.records;
      return result;
    } catch (error) {
      counters.dropped.refused += result.records;
      throw error;
    }
  }

  #refuse(response: ServerResponse, format: OtlpFormat, error: unknown): void {
    const { status, code, message } = this.#describe(error);
    if (error instanceof RequestBodyError && error.code === 'CANCELLED') return;
    const retry = status === 429 || status === 503;
    const retryDelayMs = retry ? RETRY_AFTER_SECONDS * 1000 : undefined;
    if (retry) response.setHeader('Retry-After', String(RETRY_AFTER_SECONDS));
    answer(response, status, format, encodeStatus({ code, message, retryDelayMs }, format));
  }

  #describe(error: unknown): { status: number; code: number; message: string } {
    const { code, message } = error as { code?: unknown; message: string };
    if (error instanceof Refusal) return { status: error.httpStatus, code: error.grpcCode, message };
    if (error instanceof RequestBodyError) return bodyFailure(error);
    if (error instanceof OtlpDecodeError) {
      this.#warning.write('malformed', `${this.name}: a request could not be decoded: ${message}`);
      return { status: 400, code: GRPC_INVALID_ARGUMENT, message };
    }
    switch (code) {
      case 'BACK_PRESSURE':
        return { status: 429, code: GRPC_RESOURCE_EXHAUSTED, message };
      // A pipeline that is missing or broken is repaired by an administrator: senders keep their records until then.
      case 'UNKNOWN_PIPELINE':
      case 'MISSING_ENTRYPOINT':
      case 'PIPELINE_UNAVAILABLE':
      case 'STORE_FULL':
      case 'STORE_FAILED':
      case 'STORE_CLOSED':
        this.#warning.write(code, `${this.name}: records are refused: ${message}`);
        return { status: 503, code: GRPC_UNAVAILABLE, message };
      default:
        this.#warning.write('internal', `${this.name}: ${message}`);
        return { status: 500, code: GRPC_INTERNAL, message: 'internal error' };
    }
  }
}

function checkTarget(request: IncomingMessage): void {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const signal = OTHER_SIGNALS.get(path);
  if (signal !== undefined) {
    throw new Refusal(404, GRPC_UNIMPLEMENTED, `${signal} are not accepted here, only logs at ${OTLP_LOGS_PATH}`);
  }
  if (path !== OTLP_LOGS_PATH)
    throw new Refusal(404, GRPC_NOT_FOUND, `there is nothing here, logs go to ${OTLP_LOGS_PATH}`);
  if (request.method !== 'POST') throw new Refusal(405, GRPC_INVALID_ARGUMENT, 'only POST is accepted');
}

function formatOf(request: IncomingMessage): OtlpFormat | undefined {
  const type = mediaType(request.headers['content-type']);
  if (type === OTLP_PROTOBUF_CONTENT_TYPE) return 'protobuf';
  return type === OTLP_JSON_CONTENT_TYPE ? 'json' : undefined;
}

function bodyFailure(error: RequestBodyError): { status: number; code: number; message: string } {
  const { message } = error;
  switch (error.code) {
    case 'TOO_LARGE':
      return { status: 413, code: GRPC_INVALID_ARGUMENT, message };
    case 'UNSUPPORTED_ENCODING':
      return { status: 415, code: GRPC_INVALID_ARGUMENT, message };
    case 'BUSY':
      return { status: 429, code: GRPC_RESOURCE_EXHAUSTED, message };
    case 'MALFORMED':
    case 'CANCELLED':
      return { status: 400, code: GRPC_INVALID_ARGUMENT, message };
  }
}

function answer(response: ServerResponse, status: number, format: OtlpFormat, body: Uint8Array | string): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, {
    'Content-Type': format === 'protobuf' ? OTLP_PROTOBUF_CONTENT_TYPE : OTLP_JSON_CONTENT_TYPE,
    'Content-Length': bytes.length,
  });
  response.end(bytes);
}
