import type { IncomingMessage, ServerResponse } from 'node:http';

/** Any origin, as in the header itself. */
const ANY = '*';
const METHODS = 'GET, PUT, POST, PATCH, DELETE';
const REQUEST_HEADERS =
  'Authorization, Content-Type, Content-Encoding, Accept, If-Match, If-None-Match, Last-Event-ID, X-Correlation-Id';
const EXPOSED_HEADERS = 'ETag, Retry-After, Content-Disposition';
/** How long a browser may remember a preflight: short enough to follow a changed setting. */
const MAX_AGE_SECONDS = '600';

/**
 * Lets pages of other origins use the API from a browser (WHATWG Fetch, section 3.2), those alone that are configured.
 * Credentials are bearer tokens, never cookies: there is nothing that a browser would send by itself.
 */
export class CrossOrigin {
  readonly #origins: ReadonlySet<string>;

  /** @param origins such as `https://logs.example.org`, or `*` */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /**
   * Adds the headers that an allowed origin needs.
   * @returns true when the request was a preflight, which is answered then
   */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#origins.size === 0) return false;
    const { origin } = request.headers;
    const isAny = this.#origins.has(ANY);
    if (!isAny) response.setHeader('Vary', 'Origin');
    if (origin === undefined || (!isAny && !this.#origins.has(origin))) return false;
    response.setHeader('Access-Control-Allow-Origin', isAny ? ANY : origin);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      response.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS);
      return false;
    }
    response.setHeader('Access-Control-Allow-Methods', METHODS);
    response.setHeader('Access-Control-Allow-Headers', REQUEST_HEADERS);
    response.setHeader('Access-Control-Max-Age', MAX_AGE_SECONDS);
    response.writeHead(204).end();
    return true;
  }
}
