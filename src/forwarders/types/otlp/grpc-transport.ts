import { isIP } from 'node:net';
import { Client, Metadata, compressionAlgorithms, credentials, status, type ServiceError } from '@grpc/grpc-js';
import { OTLP_LOGS_GRPC_METHOD } from '../../../otlp';
import { PermanentFailure, TemporaryFailure } from '../../destination';
import type { DestinationContext } from '../../forwarder-type';
import { basicAuthorization } from '../../url-credentials';
import { hostOf } from '../shared/address';
import { DELIVERY_ID_HEADER } from '../shared/delivery-id';
import { shown, withAdvice } from '../shared/describe';
import { HostAddress } from '../shared/host-address';
import { connectionFailure } from '../shared/http-client';
import { BadRequestFailure, TooLargeFailure } from '../shared/offer-in-parts';
import type { OtlpConfig, OtlpTransport } from './otlp-config';
import { retryInfoMs } from './retry-info';

const DEFAULT_PORT = '4317';

/** Failures that a later offer may not meet; the others are about what was sent or who sends it. */
const TEMPORARY: ReadonlySet<status> = new Set([
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.RESOURCE_EXHAUSTED,
  status.ABORTED,
  status.OUT_OF_RANGE,
  status.INTERNAL,
  status.UNAVAILABLE,
  status.DATA_LOSS,
]);

/** The library's words for nothing. */
const EMPTY_NOTE = /\.? Resolution note: $/;

/** What gRPC libraries say of a message beyond the receiver's limit; the status alone also means an overload. */
const TOO_LARGE = /larger than max|message (?:is )?too large|exceeds? maximum/i;

/** OTLP/gRPC over one kept connection. */
export class GrpcTransport implements OtlpTransport {
  readonly #config: OtlpConfig;
  readonly #context: DestinationContext;
  readonly #host: HostAddress;
  readonly #metadata = new Metadata();
  #client: Promise<Client> | undefined;

  constructor(config: OtlpConfig, context: DestinationContext) {
    this.#config = config;
    this.#context = context;
    this.#host = new HostAddress(hostOf(new URL(config.endpoint)), context);
    const authorization = basicAuthorization(new URL(config.endpoint));
    if (authorization !== undefined) this.#metadata.set('authorization', authorization);
    for (const [name, value] of Object.entries(config.headers ?? {})) this.#metadata.set(name, value);
  }

  async export(logs: Buffer, signal: AbortSignal, id?: string): Promise<Buffer> {
    let client: Client;
    try {
      this.#client ??= this.#connect();
      client = await this.#client;
    } catch (error) {
      this.#client = undefined;
      throw connectionFailure(error, signal);
    }
    const metadata = this.#metadata.clone();
    if (id !== undefined) metadata.set(DELIVERY_ID_HEADER, id);
    return new Promise((resolve, reject) => {
      const cancel = (): void => call.cancel();
      const deadline = this.#context.now() + this.#context.timeoutMs;
      const call = client.makeUnaryRequest(
        OTLP_LOGS_GRPC_METHOD,
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        logs,
        metadata,
        { deadline },
        (error, response) => {
          signal.removeEventListener('abort', cancel);
          if (error === null) resolve(response ?? Buffer.alloc(0));
          else reject(this.#failure(error, signal));
        },
      );
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
    });
  }

  close(): void {
    const client = this.#client;
    this.#client = undefined;
    client?.then(
      (open) => open.close(),
      () => undefined,
    );
  }

  #failure(error: ServiceError, signal: AbortSignal): Error {
    // A connection that a firewall has forgotten looks like a slow receiver: the next call goes over a new one.
    if (signal.aborted || error.code === status.DEADLINE_EXCEEDED) this.close();
    if (signal.aborted) return new TemporaryFailure('no answer in time', undefined, { cause: error });
    const details = withAdvice(error.details.replace(EMPTY_NOTE, ''));
    const words = shown(`gRPC status ${status[error.code] ?? error.code}: ${details}`);
    // The host may have moved: its name is looked up again.
    if (error.code === status.UNAVAILABLE) {
      this.close();
      this.#host.failed();
    }
    if (error.code === status.RESOURCE_EXHAUSTED && TOO_LARGE.test(error.details)) return new TooLargeFailure(words);
    if (error.code === status.INVALID_ARGUMENT) return new BadRequestFailure(words);
    if (!TEMPORARY.has(error.code)) return new PermanentFailure(words);
    return new TemporaryFailure(words, retryInfoMs(error.metadata), { cause: error });
  }

  /** The library would look names up by itself, past the destination policy: it gets an address. */
  async #connect(): Promise<Client> {
    const url = new URL(this.#config.endpoint);
    const host = hostOf(url);
    const address = await this.#host.resolve();
    const port = url.port || DEFAULT_PORT;
    const target = isIP(address) === 6 ? `ipv6:[${address}]:${port}` : `ipv4:${address}:${port}`;
    const tls = this.#config.tls;
    const secure = url.protocol === 'https:';
    const name = tls?.server_name || host;
    return new Client(target, secure ? sslCredentials(this.#config) : credentials.createInsecure(), {
      'grpc.default_authority': url.port === '' ? url.hostname : url.host,
      ...(secure && { 'grpc.ssl_target_name_override': name }),
      ...(this.#config.compression === 'gzip' && {
        'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
      }),
      'grpc.enable_http_proxy': 0,
      'grpc.enable_retries': 0,
      'grpc.service_config_disable_resolution': 1,
      // The runner decides when to try again; a long wait of the library's own would hold that up.
      'grpc.max_reconnect_backoff_ms': 1_000,
    });
  }
}

function sslCredentials({ tls }: OtlpConfig): ReturnType<typeof credentials.createSsl> {
  const pem = (text: string | undefined): Buffer | null => (text ? Buffer.from(text) : null);
  return credentials.createSsl(pem(tls?.ca), pem(tls?.key), pem(tls?.cert), {
    rejectUnauthorized: tls?.insecure_skip_verify !== true,
  });
}
