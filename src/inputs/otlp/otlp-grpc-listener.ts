import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { encodeExportLogsResponse, encodeStatus, OTLP_LOGS_GRPC_METHOD, type DecodeResult } from '../../otlp';
import { senderAddress } from '../../syslog';
import { handshakeProblem } from '../../tls';
import { contentEncoding, mediaType, RequestBodyError, type ContentEncoding } from '../http';
import type { InputCounters, RunningInput } from '../input';
import { encodeGrpcText, frameGrpcMessage, readGrpcMessage } from './grpc-message';
import * as grpc from './grpc-status';
import { otherSignal, unsupported, type OtlpFailure } from './otlp-failure';
import { tlsOptions, type OtlpTls } from './otlp-tls';
import { OtlpIntake, type OtlpIntakeOptions } from './otlp-intake';

export interface OtlpGrpcListenerOptions extends OtlpIntakeOptions {
  /** Undefined: every interface, IPv6 and IPv4. */
  readonly host: string | undefined;
  readonly port: number;
  /** Makes it gRPC over TLS; without it clients have to be told to use no TLS ("insecure"). */
  readonly tls?: OtlpTls;
  /** How long calls in flight may take when the listener stops, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/** Connections at once. An SDK or a collector keeps one. */
const MAX_CONNECTIONS = 4096;
/** Calls at once on one connection, which is what other gRPC servers allow. */
const MAX_CALLS_PER_CONNECTION = 100;
/** A call that is silent for so long while its message is read is cut off, in milliseconds. */
const SILENT_CALL_MS = 60_000;
/** Bytes that a client may send ahead in one call: with the 64 KiB that HTTP/2 begins with, distance would bound the speed. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const CONNECTION_WINDOW_BYTES = 4 * STREAM_WINDOW_BYTES;

/** Binary headers are sent without it (gRPC over HTTP/2, "Binary-Header"). */
const PADDING = /=+$/;

const ACCEPTED_ENCODINGS = 'identity,gzip,deflate';
const MEDIA_TYPE = 'application/grpc';
const PROTOBUF_MEDIA_TYPE = 'application/grpc+proto';

/** The services of the other signals (opentelemetry-proto, collector/…/*_service.proto), by the start of their methods. */
const OTHER_SIGNALS: readonly (readonly [service: string, signal: string])[] = [
  ['/opentelemetry.proto.collector.trace.', 'traces'],
  ['/opentelemetry.proto.collector.metrics.', 'metrics'],
  ['/opentelemetry.proto.collector.profiles.', 'profiles'],
];

/**
 * OTLP/gRPC for logs (OpenTelemetry Protocol specification, "OTLP/gRPC"): the unary method LogsService/Export.
 *
 * It speaks gRPC over HTTP/2 itself, because a gRPC library reads and expands each message before a handler is asked: its
 * limits are those of one call. Here one budget holds for the messages of all calls, few are expanded at once, and a call
 * is refused before its message is read.
 */
export class OtlpGrpcListener implements RunningInput {
  readonly name: string;
  readonly #options: OtlpGrpcListenerOptions;
  readonly #server: Http2Server;
  readonly #intake: OtlpIntake;
  /** Open connections with the addresses of their clients. */
  readonly #sessions = new Map<ServerHttp2Session, string>();

  private constructor(options: OtlpGrpcListenerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#intake = new OtlpIntake(options);
    const settings = { maxConcurrentStreams: MAX_CALLS_PER_CONNECTION, initialWindowSize: STREAM_WINDOW_BYTES };
    const { tls } = options;
    if (tls === undefined) {
      this.#server = createServer({ settings });
    } else {
      const server = createSecureServer({ ...tlsOptions(tls), settings });
      tls.certificate.attach(server);
      this.#server = server;
    }
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('drop', () => {
      this.counters.connectionsRefused++;
      this.#intake.warn('connections', `more than ${MAX_CONNECTIONS} connections, one was refused`);
    });
    this.#server.on('tlsClientError', (error: Error, socket: Socket) => {
      this.counters.connectionsRefused++;
      const client = socket.remoteAddress ?? 'a client that has gone';
      this.#intake.warn('tls', `TLS handshake with ${client} failed: ${handshakeProblem(error)}`);
    });
    this.#server.on('session', (session) => this.#open(session));
    // What is wrong with a connection ends that connection alone.
    this.#server.on('sessionError', (error: Error, session: ServerHttp2Session) => {
      const client = this.#sessions.get(session) ?? 'a client that has gone';
      this.#intake.warn('session', `the connection of ${client} failed: ${error.message}`);
    });
    this.#server.on('stream', (stream, headers) => void this.#handle(stream, headers));
  }

  /** @throws NodeJS.ErrnoException when the address cannot be bound */
  static async start(options: OtlpGrpcListenerOptions): Promise<OtlpGrpcListener> {
    const listener = new OtlpGrpcListener(options);
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

  /** Clients are told to go elsewhere (GOAWAY); their calls in flight are answered. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const session of this.#sessions.keys()) session.close();
    const timeout = setTimeout(() => {
      for (const session of this.#sessions.keys()) session.destroy();
    }, this.#options.drainTimeoutMs);
    await closed;
    clearTimeout(timeout);
  }

  #open(session: ServerHttp2Session): void {
    this.#sessions.set(session, senderAddress(session.socket.remoteAddress ?? ''));
    this.counters.connections = this.#sessions.size;
    session.setLocalWindowSize(CONNECTION_WINDOW_BYTES);
    session.on('close', () => {
      this.#sessions.delete(session);
      this.counters.connections = this.#sessions.size;
    });
  }

  async #handle(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    // Its errors end in 'close', which is all there is to do about them.
    stream.on('error', () => undefined);
    stream.setTimeout(SILENT_CALL_MS, () => stream.close(constants.NGHTTP2_CANCEL));
    const httpStatus = noGrpcStatus(headers);
    if (httpStatus !== undefined) {
      this.counters.refuseRequest(senderAddress(addressOf(stream)), 'unsupported', Date.now());
      refuseHttp(stream, httpStatus);
      return;
    }
    try {
      const result = await this.#export(stream, headers);
      answer(
        stream,
        encodeExportLogsResponse({ rejected: result.rejected, message: result.firstError ?? '' }, 'protobuf'),
      );
    } catch (error) {
      refuse(stream, this.#intake.refuse(error, addressOf(stream)));
    }
  }

  async #export(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<DecodeResult> {
    checkMethod(headers[':path'] ?? '');
    const intake = this.#intake;
    await intake.admit(headers.authorization);
    let taken = 0;
    try {
      const { bytes, compressed } = await readGrpcMessage(stream, intake.maxBodyBytes, (length) => {
        intake.budget.take(length);
        taken += length;
      });
      // From here on it is the store that is waited for.
      stream.setTimeout(0);
      const encoding = compressed ? encodingOf(headers) : 'identity';
      return await intake.take(bytes, encoding, 'protobuf', addressOf(stream));
    } finally {
      intake.budget.release(taken);
    }
  }
}

/** The peer's address without port; empty once the connection is gone. */
function addressOf(stream: ServerHttp2Stream): string {
  return stream.session?.socket.remoteAddress ?? '';
}

/** The HTTP status for a request that is no gRPC call (gRPC over HTTP/2, "Requests"). */
function noGrpcStatus(headers: IncomingHttpHeaders): number | undefined {
  const type = mediaType(headers['content-type']);
  if (type !== MEDIA_TYPE && type !== PROTOBUF_MEDIA_TYPE) return 415;
  return headers[':method'] === 'POST' ? undefined : 405;
}

function checkMethod(path: string): void {
  if (path === OTLP_LOGS_GRPC_METHOD) return;
  for (const [service, signal] of OTHER_SIGNALS) {
    if (path.startsWith(service)) throw otherSignal(signal, OTLP_LOGS_GRPC_METHOD);
  }
  throw unsupported(404, grpc.UNIMPLEMENTED, `there is no method ${path}, logs go to ${OTLP_LOGS_GRPC_METHOD}`);
}

/**
 * How a compressed message is encoded.
 * @throws RequestBodyError `UNSUPPORTED_ENCODING`, `MALFORMED` when no encoding is named
 */
function encodingOf(headers: IncomingHttpHeaders): ContentEncoding {
  const encoding = contentEncoding(headers['grpc-encoding']?.toString());
  if (encoding !== 'identity') return encoding;
  throw new RequestBodyError('MALFORMED', 'the message is marked as compressed, but grpc-encoding names no encoding');
}

function answer(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ':status': 200, 'content-type': PROTOBUF_MEDIA_TYPE }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(grpc.OK) }));
  stream.end(frameGrpcMessage(message));
}

/** Answers with trailers alone; the status with its details stands in one of them (OTLP specification, "Failures"). */
function refuse(stream: ServerHttp2Stream, { grpcCode, message, retryDelayMs }: OtlpFailure): void {
  if (stream.destroyed || stream.closed) return;
  const status = encodeStatus({ code: grpcCode, message, retryDelayMs }, 'protobuf');
  stream.respond(
    {
      ':status': 200,
      'content-type': PROTOBUF_MEDIA_TYPE,
      'grpc-accept-encoding': ACCEPTED_ENCODINGS,
      'grpc-status': String(grpcCode),
      'grpc-message': encodeGrpcText(message),
      'grpc-status-details-bin': status.toString('base64').replace(PADDING, ''),
    },
    { endStream: true },
  );
  endEarly(stream);
}

function refuseHttp(stream: ServerHttp2Stream, status: number): void {
  stream.respond({ ':status': status }, { endStream: true });
  endEarly(stream);
}

/** What a client still sends after its answer is not read: NO_ERROR asks it to stop (RFC 9113 section 8.1). */
function endEarly(stream: ServerHttp2Stream): void {
  stream.close(constants.NGHTTP2_NO_ERROR);
}
