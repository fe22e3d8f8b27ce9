import { UsageError } from './cli-error';
import { printable } from './printable';

/** The API refused a request. */
export class ApiError extends Error {
  readonly code = 'API_ERROR';
  override readonly name = 'ApiError';

  constructor(
    message: string,
    /** HTTP status. */
    readonly status: number,
  ) {
    super(message);
  }

  /** True when the same request may work later. */
  get temporary(): boolean {
    return this.status >= 500 || this.status === 408 || this.status === 429;
  }
}

/** The server could not be reached, or the connection broke. */
export class ConnectionError extends Error {
  readonly code = 'CONNECTION_ERROR';
  override readonly name = 'ConnectionError';
}

export interface ApiClientOptions {
  /** Where the server is, such as `http://localhost:5080`; `/api/v1` is added. */
  readonly base: string;
  /** `jwt_…` of a login or `pat_…`; absent for requests without login. */
  readonly token?: string | undefined;
}

/** A JSON object that the server answered. */
export type ApiBody = Readonly<Record<string, unknown>>;

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** Where a login goes, below `/api/v1`. */
export const LOGIN_PATH = '/auth/login';

/** Longest part of an answer that is no JSON object which an error repeats, in characters. */
const MAX_SHOWN_BODY = 200;

/**
 * Talks to a running server.
 *
 * @example
 * const client = new ApiClient({ base: 'http://localhost:5080', token });
 * const { streams } = await client.request('/streams');
 */
export class ApiClient {
  readonly #base: string;
  readonly #token: string | undefined;

  /** @throws UsageError when the base is no HTTP address */
  constructor({ base, token }: ApiClientOptions) {
    if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
      throw new UsageError('--api or LOGWEIR_API: expected an address such as http://localhost:5080');
    }
    this.#base = `${base.replace(/\/+$/, '')}/api/v1`;
    this.#token = token?.trim() || undefined;
    if (this.#token !== undefined && !/^[\x21-\x7e]+$/.test(this.#token)) {
      throw new UsageError('--token or LOGWEIR_TOKEN: expected a token, such as jwt_… or pat_…');
    }
  }

  /**
   * Sends a request and reads its JSON answer.
   *
   * @param path - below `/api/v1`, with encoded segments (see {@link pathSegment})
   * @throws ApiError when the server refuses; ConnectionError when it cannot be reached
   */
  async request(path: string, request: ApiRequest = {}): Promise<ApiBody> {
    return (await this.exchange(path, request)).body;
  }

  /** The same, with the tag of the state that was answered: for a later `If-Match`. */
  async exchange(path: string, request: ApiRequest = {}): Promise<{ readonly body: ApiBody; readonly tag?: string }> {
    const response = await this.#send(path, request);
    const text = await response.text().catch((error: unknown) => {
      throw this.#connectionError(error);
    });
    const body = parseObject(text);
    if (!response.ok) throw apiError(response, text);
    if (body === undefined) throw new ApiError(`the server at ${this.#base} did not answer with JSON`, response.status);
    return { body, tag: response.headers.get('ETag') ?? undefined };
  }

  /** What a request that does not go through this client needs: where to, and who asks. */
  target(path: string): { readonly url: URL; readonly headers: Readonly<Record<string, string>> } {
    const headers: Record<string, string> = {};
    if (this.#token !== undefined) headers['Authorization'] = `Bearer ${this.#token}`;
    return { url: new URL(this.#base + path), headers };
  }

  /**
   * Opens an endless answer.
   * @throws ApiError when the server refuses; ConnectionError when it cannot be reached or, while reading, breaks off
   */
  async *stream(path: string, request: ApiRequest): AsyncGenerator<Uint8Array, void> {
    const response = await this.#send(path, request);
    if (!response.ok || response.body === null) {
      const text = await response.text().catch(() => '');
      throw apiError(response, text);
    }
    // An empty chunk tells the reader that the stream stands.
    yield new Uint8Array();
    const reader = response.body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((error: unknown) => {
          throw this.#connectionError(error);
        });
        if (done) return;
        yield value;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  async #send(path: string, request: ApiRequest): Promise<Response> {
    const { url, headers: authorization } = this.target(path);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const headers = new Headers({ ...request.headers, ...authorization });
    if (request.body !== undefined) headers.set('Content-Type', 'application/json');
    try {
      return await fetch(url, {
        method: request.method ?? 'GET',
        headers,
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal: request.signal ?? null,
      });
    } catch (error) {
      throw this.#connectionError(error);
    }
  }

  #connectionError(error: unknown): ConnectionError {
    return connectionError(this.#base, error);
  }
}

/** @param base - the address that was asked */
export function connectionError(base: string, error: unknown): ConnectionError {
  return new ConnectionError(`no connection to ${base}: ${causeText(error)}`, { cause: error });
}

/** What of an answer says that the request was refused. */
export interface Refusal {
  readonly status: number;
  readonly statusText: string;
  readonly url: string;
}

/** @param text - the body of the answer */
export function apiError(refusal: Refusal, text: string): ApiError {
  return new ApiError(errorMessage(refusal, parseObject(text), text), refusal.status);
}

/** A name as one segment of a path. A lone dot or two would be taken for the folder itself or the one above. */
export function pathSegment(name: string): string {
  if (name === '' || name === '.' || name === '..') throw new UsageError('a name must not be empty, "." or ".."');
  return encodeURIComponent(name);
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The error body's text (reference: `{status, error, context}`), else what there is. */
function errorMessage(response: Refusal, body: Readonly<Record<string, unknown>> | undefined, text: string): string {
  const lines: string[] = [];
  const error = body?.['error'];
  if (typeof error === 'string' && error !== '') lines.push(printableLines(error));
  else lines.push(`HTTP ${response.status} ${response.statusText}`.trim() + shortBody(body, text));
  const context = body?.['context'];
  if (typeof context === 'object' && context !== null) {
    for (const [place, messages] of Object.entries(context)) {
      const [first, ...more] = printableLines([messages].flat().join('; ')).split('\n');
      lines.push(`  ${printable(place)}: ${String(first)}`, ...more.map((line) => `    ${line}`));
    }
  }
  // A refused login has no token to renew.
  if (response.status === 401 && !response.url.endsWith(LOGIN_PATH)) {
    lines.push('  (log in with "logweir login", set LOGWEIR_TOKEN or give --token)');
  }
  return lines.join('\n');
}

function shortBody(body: Readonly<Record<string, unknown>> | undefined, text: string): string {
  return body !== undefined || text === '' ? '' : `: ${printable(text.slice(0, MAX_SHOWN_BODY))}`;
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** `fetch` hides the reason in the error's causes; a host with several addresses gives several. */
function causeText(error: unknown): string {
  let reason = error;
  while (isObject(reason) && isObject(reason['cause'])) reason = reason['cause'];
  if (isObject(reason) && Array.isArray(reason['errors']) && reason['errors'].length > 0) {
    reason = reason['errors'][0] as unknown;
  }
  return isObject(reason) && 'message' in reason ? String(reason['message']) : String(reason);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
