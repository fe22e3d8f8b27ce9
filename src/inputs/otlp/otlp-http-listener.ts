import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import {
  encodeExportLogsResponse,
  encodeStatus,
  OTLP_JSON_CONTENT_TYPE,
  OTLP_LOGS_PATH,
  OTLP_PROTOBUF_CONTENT_TYPE,
  type DecodeResult,
  type OtlpFormat,
} from '../../otlp';
import { handshakeProblem } from '../../tls';
import { contentEncoding, mediaType, readBody } from '../http';
import type { InputCounters, RunningInput } from '../input';
import * as grpc from './grpc-status';
import { otherSignal, unsupported } from './otlp-failure';
import { tlsOptions, type OtlpTls } from './otlp-tls';
import { OtlpIntake, type OtlpIntakeOptions } from './otlp-intake';

export interface OtlpHttpListenerOptions extends OtlpIntakeOptions {
  /** Undefined: every interface, IPv6 and IPv4. */
  readonly host: string | undefined;
  readonly port: number;
  /** Makes it HTTPS. */
  readonly tls?: OtlpTls;
  /** How long requests in flight may take when the listener stops, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/**
 * How long an idle connection is kept, in milliseconds. SDKs send every few seconds: with the 5 s that Node keeps it, every
 * other batch would meet a connection that is just being closed.
 */
const KEEP_ALIVE_MS = 75_000;

/** Paths of the other signals (OTLP specification, "OTLP/HTTP Request"). */
const OTHER_SIGNALS = new Map([
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
  ['/v1development/profiles', 'profiles'],
]);

/** OTLP/HTTP for logs (OpenTelemetry Protocol specification, "OTLP/HTTP"). */
export class OtlpHttpListener implements RunningInput {
  readonly name: string;
  readonly #options: OtlpHttpListenerOptions;
  readonly #server: Server;
  readonly #intake: OtlpIntake;

  private constructor(options: OtlpHttpListenerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#intake = new OtlpIntake(options);
    const handle = (request: IncomingMessage, response: ServerResponse): void => void this.#handle(request, response);
    const { tls } = options;
    if (tls === undefined) {
      this.#server = createServer(handle);
    } else {
      const server = createTlsServer(tlsOptions(tls), handle);
      tls.certificate.attach(server);
      this.#server = server;
    }
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server.on('connection', (socket) => {
      this.counters.connections++;
      socket.on('close', () => this.counters.connections--);
    });
    this.#server.on('tlsClientError', (error: Error, socket: Socket) => {
      this.counters.connectionsRefused++;
      const client = socket.remoteAddress ?? 'a client that has gone';
      this.#intake.warn('tls', `TLS handshake with ${client} failed: ${handshakeProblem(error)}`);
    });
  }

  /** @throws NodeJS.ErrnoException when the address cannot be bound */
  static async start(options: OtlpHttpListenerOptions): Promise<OtlpHttpListener> {
    const listener = new OtlpHttpListener(options);
    listener.#server.listen({ host: options.host, port: options.port });
    await once(listener.#server, 'listening');
    return listener;
  }

  get counters(): InputCounters {
    return this.#intake.counters;
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
      const outcome = { rejected: result.rejected, message: result.firstError ?? '' };
      answer(response, 200, format ?? 'json', encodeExportLogsResponse(outcome, format ?? 'json'));
    } catch (error) {
      this.#refuse(request, response, format ?? 'json', error);
    }
  }

  async #export(request: IncomingMessage, format: OtlpFormat | undefined): Promise<DecodeResult> {
    checkTarget(request);
    if (format === undefined) throw wrongMediaType(request);
    const encoding = contentEncoding(request.headers['content-encoding']);
    const intake = this.#intake;
    await intake.admit(request.headers.authorization);
    let taken = 0;
    try {
      const sent = await readBody(request, intake.maxBodyBytes, (bytes) => {
        intake.budget.take(bytes);
        taken += bytes;
      });
      return await intake.take(sent, encoding, format, request.socket.remoteAddress ?? '');
    } finally {
      intake.budget.release(taken);
    }
  }

  #refuse(request: IncomingMessage, response: ServerResponse, format: OtlpFormat, error: unknown): void {
    const address = request.socket.remoteAddress ?? '';
    const { httpStatus, grpcCode, message, retryDelayMs, reason } = this.#intake.refuse(error, address);
    if (reason === 'cancelled') return;
    if (retryDelayMs !== undefined) response.setHeader('Retry-After', String(Math.ceil(retryDelayMs / 1000)));
    if (httpStatus === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    if (httpStatus === 405) response.setHeader('Allow', 'POST');
    answer(response, httpStatus, format, encodeStatus({ code: grpcCode, message, retryDelayMs }, format));
  }
}

function checkTarget(request: IncomingMessage): void {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
  const signal = OTHER_SIGNALS.get(path);
  if (signal !== undefined) throw otherSignal(signal, OTLP_LOGS_PATH);
  if (path !== OTLP_LOGS_PATH) {
    throw unsupported(404, grpc.NOT_FOUND, `there is nothing here, logs go to ${OTLP_LOGS_PATH}`);
  }
  if (request.method !== 'POST') throw unsupported(405, grpc.INVALID_ARGUMENT, 'only POST is accepted');
}

function wrongMediaType(request: IncomingMessage): Error {
  const sent = JSON.stringify(request.headers['content-type'] ?? 'none');
  const allowed = `${OTLP_PROTOBUF_CONTENT_TYPE} or ${OTLP_JSON_CONTENT_TYPE}`;
  return unsupported(415, grpc.INVALID_ARGUMENT, `content type ${sent} is not accepted, use ${allowed}`);
}

function formatOf(request: IncomingMessage): OtlpFormat | undefined {
  const type = mediaType(request.headers['content-type']);
  if (type === OTLP_PROTOBUF_CONTENT_TYPE) return 'protobuf';
  return type === OTLP_JSON_CONTENT_TYPE ? 'json' : undefined;
}

function answer(response: ServerResponse, status: number, format: OtlpFormat, body: Uint8Array | string): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  response.writeHead(status, {
    'Content-Type': format === 'protobuf' ? OTLP_PROTOBUF_CONTENT_TYPE : OTLP_JSON_CONTENT_TYPE,
    'Content-Length': bytes.length,
  });
  response.end(bytes);
}
