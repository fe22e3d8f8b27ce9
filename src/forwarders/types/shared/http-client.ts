import { Agent as HttpAgent, type AgentOptions } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import axios, { type AxiosInstance, type AxiosProxyConfig, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { PermanentFailure, TemporaryFailure } from '../../destination';
import type { DestinationContext } from '../../forwarder-type';
import { basicAuthorization } from '../../url-credentials';
import { hostOf } from './address';
import { errorText } from './describe';
import { retryAfterMs } from './retry-after';
import { tlsOptions, type TlsSettings } from './tls-settings';
import { TunnelAgent } from './tunnel-agent';

/** How a destination is reached over HTTP. */
export interface HttpClientOptions {
  readonly tls?: TlsSettings;
  /** URL of an HTTP proxy; with a user and a password in it these are used. */
  readonly proxy?: string;
  /** Bytes of an answer that are kept; what follows is read and dropped. Default {@link ANSWER_BYTES}. */
  readonly answerBytes?: number;
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Compress the body and say so in Content-Encoding. */
  readonly gzip?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The answer's first bytes. */
  readonly body: Buffer;
  /** False when the connection was lost before the answer's end, or the answer is longer than what is kept. */
  readonly complete: boolean;
  /** Milliseconds of its Retry-After. */
  readonly retryAfterMs?: number;
}

/** Enough of an answer for people and for the small answers of vendors. */
const ANSWER_BYTES = 65_536;
/** Connections that are kept open without a request. */
const MAX_FREE_SOCKETS = 16;

const gzipped = promisify(gzip);

/**
 * Requests of one destination over kept connections. Every connection goes where the destination policy allows; redirects
 * are answers, not followed, as they could lead elsewhere.
 */
export class HttpClient {
  readonly #context: DestinationContext;
  readonly #answerBytes: number;
  readonly #axios: AxiosInstance;
  readonly #agents: readonly { destroy(): void }[];
  /** For plain requests alone: secure ones go through a tunnel. */
  readonly #proxy: AxiosProxyConfig | false;

  constructor(context: DestinationContext, options: HttpClientOptions = {}) {
    this.#context = context;
    this.#answerBytes = options.answerBytes ?? ANSWER_BYTES;
    const agentOptions: AgentOptions = {
      keepAlive: true,
      maxFreeSockets: MAX_FREE_SOCKETS,
      lookup: context.lookup,
    };
    const tls = tlsOptions(options.tls);
    const proxy = options.proxy ? new URL(options.proxy) : undefined;
    if (proxy !== undefined) context.checkHost(hostOf(proxy));
    const httpAgent = new HttpAgent(agentOptions);
    const secureAgent = new HttpsAgent({ ...agentOptions, ...tls });
    const tunnel = proxy && new TunnelAgent(proxy, agentOptions, tls);
    this.#agents = [httpAgent, secureAgent, ...(tunnel ? [tunnel] : [])];
    this.#axios = axios.create({
      adapter: 'http',
      httpAgent,
      httpsAgent: tunnel ?? secureAgent,
      maxRedirects: 0,
      responseType: 'stream',
      maxBodyLength: Number.POSITIVE_INFINITY,
      timeout: context.timeoutMs,
      // Only what the configuration says, never the environment of the process.
      proxy: false,
      validateStatus: () => true,
      transformRequest: [],
      transformResponse: [],
    });
    this.#proxy = proxy === undefined ? false : axiosProxy(proxy);
  }

  /**
   * Sends a request and reads the answer, whatever its status. With the status the request is answered, however its body ends.
   *
   * @throws TemporaryFailure when there is no answer
   * @throws PermanentFailure when the destination policy forbids the address
   */
  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const url = new URL(request.url);
    this.#context.checkHost(hostOf(url));
    const headers = headersOf(request, url);
    // They are in a header now: what goes wrong may be told with the URL.
    url.username = '';
    url.password = '';
    let body = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
    if (request.gzip === true) {
      body = await gzipped(body);
      headers['Content-Encoding'] = 'gzip';
    }
    const { method = 'POST' } = request;
    const proxy = url.protocol === 'http:' ? this.#proxy : false;
    const response = await this.#request({ url: url.href, method, headers, data: body, signal, proxy });
    const answered = response.headers as Record<string, string>;
    return {
      status: response.status,
      headers: answered,
      ...(await firstBytes(response.data, this.#answerBytes)),
      retryAfterMs: retryAfterMs(answered['retry-after'], this.#context.now()),
    };
  }

  async #request(request: AxiosRequestConfig & { signal: AbortSignal }): Promise<AxiosResponse<Readable>> {
    for (;;) {
      try {
        return await this.#axios.request<Readable>(request);
      } catch (error) {
        if (!wasKeptTooLong(error) || request.signal.aborted) throw connectionFailure(error, request.signal);
      }
    }
  }

  /** Ends kept connections. */
  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }
}

/** They say where a body ends. Who copies them from a request elsewhere would spoil every other. */
const FRAMING_HEADERS: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

/** Headers of a request: those of the configuration count before what is made here. */
function headersOf({ headers }: HttpRequest, url: URL): Record<string, string | false> {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  const authorization = given.has('authorization') ? undefined : basicAuthorization(url);
  return {
    'User-Agent': 'logweir',
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => !FRAMING_HEADERS.has(name.toLowerCase()))),
    ...(authorization !== undefined && { Authorization: authorization }),
    // Otherwise axios would name a form as the type of a body without one.
    ...(!given.has('content-type') && { 'Content-Type': false }),
  };
}

/** What a connection is closed with, by whichever system. */
const CLOSED_CODES: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Whether a request met a kept connection that its receiver was just closing. The next one that is kept may be no better; a new
 * connection tells whether the receiver is there (RFC 9112, section 9.3.1).
 */
function wasKeptTooLong(error: unknown): boolean {
  if (!axios.isAxiosError(error) || error.response !== undefined || !CLOSED_CODES.has(error.code)) return false;
  return (error.request as { reusedSocket?: unknown } | undefined)?.reusedSocket === true;
}

function axiosProxy(proxy: URL): AxiosProxyConfig {
  const { protocol, username, password } = proxy;
  return {
    protocol,
    host: hostOf(proxy),
    port: Number(proxy.port || (protocol === 'https:' ? 443 : 80)),
    ...(username && { auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) } }),
  };
}

/** A connection that failed. What the policy forbids stays forbidden, whichever library has wrapped it. */
export function connectionFailure(error: unknown, signal: AbortSignal): Error {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (cause instanceof PermanentFailure || cause instanceof TemporaryFailure) return cause;
  }
  if (signal.aborted) return new TemporaryFailure('no answer in time', undefined, { cause: error });
  const cause = error instanceof Error && error.cause instanceof AggregateError ? error.cause : error;
  return new TemporaryFailure(errorText(cause), undefined, { cause: error });
}

/**
 * The first bytes of a stream; the rest is read, so that the connection can be used again. A stream that breaks off is no failure of the
 * request: the status in front of it has said what became of that.
 */
async function firstBytes(stream: Readable, limit: number): Promise<Pick<HttpAnswer, 'body' | 'complete'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  let brokenOff = false;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (size < limit) chunks.push(chunk.subarray(0, limit - size));
      size += chunk.length;
    }
  } catch {
    brokenOff = true;
  }
  return { body: Buffer.concat(chunks), complete: !brokenOff && size <= limit };
}
