import type { DestinationPolicy } from '../forwarders/destination-policy';
import { HttpClient } from '../forwarders/types/shared/http-client';
import type { NetworkRequest } from './messages';

/** Bytes of a body that a script may get; more is a failure, as half an answer would mislead. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Places a request may be sent on to. Each of them is held to the policy. */
const MAX_REDIRECTS = 5;
/** Proxies that connections are kept for; scripts name one or two. */
const MAX_CLIENTS = 8;
/** Only the limit of the whole request counts. */
const NO_TIMEOUT = 0;

type HttpRequest = Extract<NetworkRequest, { kind: 'http' }>;

/** Requests of scripts over HTTP, to the addresses that the destination policy allows. */
export class ScriptHttp {
  readonly #policy: DestinationPolicy;
  readonly #clients = new Map<string, HttpClient>();

  constructor(policy: DestinationPolicy) {
    this.#policy = policy;
  }

  /** The body of the answer, whatever its status. @throws Error */
  async fetch(request: HttpRequest, signal: AbortSignal): Promise<string> {
    let { url, method, body } = request;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const { protocol } = new URL(url);
      if (protocol !== 'http:' && protocol !== 'https:') throw new Error(`cannot request ${protocol} URLs`);
      const answer = await this.#client(request.proxy).send({ url, method, headers: request.headers, body }, signal);
      const location = REDIRECTS.has(answer.status) ? answer.headers['location'] : undefined;
      if (location === undefined) {
        if (answer.body.length > MAX_BODY_BYTES) throw new Error(`the answer is longer than ${MAX_BODY_BYTES} bytes`);
        return answer.body.toString('utf8');
      }
      const next = new URL(location, url);
      // What a script sends to one host (tokens, cookies) is not for another.
      if (next.origin !== new URL(url).origin) throw new Error(`the answer leads to another host, ${next.origin}`);
      url = next.href;
      if (answer.status < 307 && method !== 'HEAD') [method, body] = ['GET', ''];
    }
    throw new Error('the answers lead on and on');
  }

  #client(proxy = ''): HttpClient {
    const known = this.#clients.get(proxy);
    if (known !== undefined) return known;
    if (this.#clients.size >= MAX_CLIENTS) {
      for (const client of this.#clients.values()) client.close();
      this.#clients.clear();
    }
    const { lookup, checkHost } = this.#policy;
    const context = { forwarder: 'http_request', timeoutMs: NO_TIMEOUT, lookup, checkHost, now: Date.now };
    const client = new HttpClient(context, { answerBytes: MAX_BODY_BYTES + 1, ...(proxy === '' ? {} : { proxy }) });
    this.#clients.set(proxy, client);
    return client;
  }
}

/** Answers that say where to ask instead. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
