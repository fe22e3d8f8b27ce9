import type { IncomingMessage, ServerResponse } from 'node:http';
import { RecordBatch } from '../../record';
import type { Principal } from '../../storage/auth/auth-store';
import type { Scope } from '../../storage/auth/scopes';
import { invalidNameReason } from '../../storage/item-name';
import { requireScopes } from '../auth/scopes';
import type { ApiDependencies } from '../dependencies';
import { API_PREFIX } from '../document';
import { ApiError, notFound, validationError, type CanonicalStatus } from '../errors/api-error';
import { toApiError } from '../errors/to-api-error';
import { BASE_HEADERS } from '../http/headers';
import type { IngestBodies } from '../ingest/ingest-bodies';
import { SETUP_RESOURCES, STATIC_ANSWERS } from './answers';
import { readBulk, type BulkItem } from './bulk';
import type { ElasticAuthenticator } from './elastic-authenticator';
import { readDocument } from './read-document';

const PREFIX = `${API_PREFIX}/middlewares/elastic`;

/** Clients refuse to talk to anything without it. */
const PRODUCT_HEADERS = [
  ...BASE_HEADERS,
  'X-Elastic-Product',
  'Elasticsearch',
  'Content-Type',
  'application/json; charset=utf-8',
];
const CHALLENGE = 'Basic realm="logweir", charset="UTF-8"';

/** As long as a commit takes at most. */
const RETRY_SATURATED_SECONDS = 1;

const READ: readonly Scope[] = ['read_pipelines'];
const SEND: readonly Scope[] = ['send_logs'];

/** Elasticsearch's names for what went wrong. */
const ERROR_TYPES: Readonly<Partial<Record<CanonicalStatus, string>>> = {
  UNAUTHENTICATED: 'security_exception',
  PERMISSION_DENIED: 'security_exception',
  NOT_FOUND: 'index_not_found_exception',
  INVALID_ARGUMENT: 'illegal_argument_exception',
  RESOURCE_EXHAUSTED: 'es_rejected_execution_exception',
  UNAVAILABLE: 'unavailable_shards_exception',
};

export interface ElasticParts {
  readonly auth: ElasticAuthenticator;
  readonly bodies: IngestBodies;
  readonly deps: Pick<ApiDependencies, 'ingest' | 'flows' | 'onInternalError'>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Whether a URL belongs to the part of the API that speaks like Elasticsearch. */
export function isElasticUrl(url: string): boolean {
  return url.startsWith(PREFIX) && (url.length === PREFIX.length || '/?'.includes(url.charAt(PREFIX.length)));
}

/**
 * Takes records from clients of Elasticsearch (Filebeat, Fluent Bit, Logstash and others): an index is a pipeline, a document
 * is a record with the names of nested fields joined by dots.
 */
export class ElasticEndpoint {
  readonly #parts: ElasticParts;

  constructor(parts: ElasticParts) {
    this.#parts = parts;
  }

  /** Answers one request; success of a write means that the records are durable. Never rejects. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { authorization } = request.headers;
      const principal = await this.#parts.auth.authenticate(authorization, request.socket.remoteAddress ?? '');
      const { status, body } = await this.#answer(request, principal, pathOf(request.url ?? ''));
      send(request, response, status, body, []);
    } catch (cause) {
      const error = toApiError(cause);
      if (error.code === 'INTERNAL') this.#parts.deps.onInternalError?.(error.cause ?? error, 'elastic');
      sendElasticError(request, response, error);
    }
  }

  #answer(request: IncomingMessage, principal: Principal, path: readonly string[]): Answer | Promise<Answer> {
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    const isWrite = method === 'POST' || method === 'PUT';
    const [first = '', second, third] = path;
    const known = STATIC_ANSWERS.get(path.join('/'));
    if (known !== undefined && method === 'GET') return ok(known);
    if (SETUP_RESOURCES.has(first)) return ok(method === 'GET' ? {} : { acknowledged: true });
    if (first === '_bulk' && path.length === 1 && isWrite) return this.#bulk(request, principal, undefined);
    if (first.startsWith('_') || first === '') throw unsupported(request);
    if (second === undefined && (method === 'GET' || method === 'PUT')) return this.#index(principal, first);
    if (second === '_bulk' && path.length === 2 && isWrite) return this.#bulk(request, principal, first);
    if ((second === '_doc' || second === '_create') && path.length <= 3 && isWrite) {
      return this.#document(request, principal, first, third);
    }
    throw unsupported(request);
  }

  /** An index is there when there is a pipeline of its name; it cannot be made this way. */
  #index(principal: Principal, index: string): Answer {
    requireScopes(principal, READ);
    if (!this.#parts.deps.flows.has(index)) throw notFound('pipeline', index);
    return ok({ acknowledged: true, shards_acknowledged: true, index });
  }

  #document(request: IncomingMessage, principal: Principal, index: string, id: string | undefined): Promise<Answer> {
    requireScopes(principal, SEND);
    this.#refuseWhenSaturated();
    return this.#parts.bodies.use(request, async (body) => {
      const document = readDocument(body);
      if (document.problem !== undefined) throw validationError({ body: [document.problem] });
      const batch = new RecordBatch();
      batch.addRecord(this.#parts.now(), document.fields);
      await this.#ingest(index, batch);
      return ok(created(index, id));
    });
  }

  #bulk(request: IncomingMessage, principal: Principal, defaultIndex: string | undefined): Promise<Answer> {
    requireScopes(principal, SEND);
    this.#refuseWhenSaturated();
    return this.#parts.bodies.use(request, async (body) => {
      const started = performance.now();
      const { items, batches } = readBulk(body, defaultIndex, this.#parts.now());
      const failures = new Map<number, ApiError>();
      await Promise.all(
        [...batches].map(async ([index, group]) => {
          try {
            await this.#ingest(index, group.batch);
          } catch (cause) {
            const error = toApiError(cause);
            if (error.code === 'INTERNAL') this.#parts.deps.onInternalError?.(error.cause ?? error, 'elastic');
            for (const item of group.items) failures.set(item, error);
          }
        }),
      );
      const results = items.map((item, i) => itemResult(item, failures.get(i)));
      const errors = failures.size > 0 || items.some(({ problem }) => problem !== undefined);
      return ok({ took: Math.round(performance.now() - started), errors, items: results });
    });
  }

  async #ingest(index: string, batch: RecordBatch): Promise<void> {
    if (invalidNameReason(index) !== undefined) throw notFound('pipeline', index);
    await this.#parts.deps.ingest.ingest(index, 'direct', batch);
  }

  #refuseWhenSaturated(): void {
    if (!this.#parts.deps.ingest.saturated) return;
    throw new ApiError('RESOURCE_EXHAUSTED', 'too many records are in flight', { retryAfter: RETRY_SATURATED_SECONDS });
  }
}

/** The parts of a path below the prefix, decoded. @throws ApiError 400 */
function pathOf(url: string): string[] {
  const [path = ''] = url.slice(PREFIX.length).split('?', 1);
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'the path is not encoded as it should be');
  }
}

function unsupported({ method, url }: IncomingMessage): ApiError {
  return new ApiError('INVALID_ARGUMENT', `${String(method)} ${String(url)} is not supported`, { httpStatus: 405 });
}

function ok(body: object): Answer {
  return { status: 200, body };
}

function created(index: string, id: string | undefined): object {
  const shards = { total: 1, successful: 1, failed: 0 };
  return {
    _index: index,
    _id: id ?? '',
    _version: 1,
    result: 'created',
    _shards: shards,
    _seq_no: 0,
    _primary_term: 1,
  };
}

function itemResult({ action, index, id, problem }: BulkItem, failure: ApiError | undefined): object {
  const error = problem === undefined ? failure : new ApiError('INVALID_ARGUMENT', problem);
  if (error === undefined) return { [action]: { ...created(index, id), status: 201 } };
  return { [action]: { _index: index, _id: id ?? null, status: error.httpStatus, error: describe(error) } };
}

function describe({ code, message }: ApiError): { type: string; reason: string } {
  return { type: ERROR_TYPES[code] ?? 'exception', reason: message };
}

function sendElasticError(request: IncomingMessage, response: ServerResponse, error: ApiError): void {
  const description = describe(error);
  const headers: string[] = [];
  if (error.httpStatus === 401) headers.push('WWW-Authenticate', CHALLENGE);
  if (error.retryAfter !== undefined) headers.push('Retry-After', String(Math.max(1, Math.ceil(error.retryAfter))));
  const body = { error: { root_cause: [description], ...description }, status: error.httpStatus };
  send(request, response, error.httpStatus, body, headers);
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: object,
  headers: readonly string[],
): void {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  response.writeHead(status, [...PRODUCT_HEADERS, ...headers, 'Content-Length', length]);
  // Node sends no body in answer to HEAD.
  response.end(request.method === 'HEAD' ? undefined : text);
}
