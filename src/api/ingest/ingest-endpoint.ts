import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Scope } from '../../storage/auth/scopes';
import { invalidNameReason } from '../../storage/item-name';
import type { Authenticator } from '../auth/authenticator';
import { requireScopes } from '../auth/scopes';
import type { ApiDependencies } from '../dependencies';
import { ApiError, unsupportedMedia, validationError } from '../errors/api-error';
import { sendError } from '../errors/send-error';
import { toApiError } from '../errors/to-api-error';
import { mediaType } from '../../inputs/http';
import { BASE_HEADERS } from '../http/headers';
import type { IngestBodies } from './ingest-bodies';
import type { DecodedBody, IngestFormat } from './ingest-format';
import { RECORD_FORMAT, STRUCT_FORMAT } from './json-records';
import type { IngestKind } from './match-ingest-url';
import { OTLP_FORMAT } from './otlp-logs';
import { TEXT_FORMAT } from './text-lines';

const FORMATS: Readonly<Record<IngestKind, IngestFormat>> = {
  record: RECORD_FORMAT,
  struct: STRUCT_FORMAT,
  text: TEXT_FORMAT,
  otlp: OTLP_FORMAT,
};

const OPERATION_IDS: Readonly<Record<IngestKind, string>> = {
  record: 'ingest_log',
  struct: 'ingest_logs_struct',
  text: 'ingest_logs_text',
  otlp: 'ingest_logs_otlp',
};

const SCOPES: readonly Scope[] = ['send_logs'];

/** As long as a commit takes at most. */
const RETRY_SATURATED_SECONDS = 1;

const OK_HEADERS = [...BASE_HEADERS, 'Content-Type', 'application/json; charset=utf-8', 'Content-Length'];
const ONE_RECORD_BODY = '{"success":true,"processed_count":1}';
const ONE_RECORD_HEADERS = [...OK_HEADERS, String(ONE_RECORD_BODY.length)];

export interface IngestParts {
  readonly authenticator: Authenticator;
  readonly bodies: IngestBodies;
  readonly deps: Pick<ApiDependencies, 'ingest' | 'onInternalError'>;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** Serves the routes that take records, on bare `node:http` requests. */
export class IngestEndpoint {
  readonly #parts: IngestParts;

  constructor(parts: IngestParts) {
    this.#parts = parts;
  }

  /** Takes the records of one request and answers once they are durable. Never rejects. */
  async serve(request: IncomingMessage, response: ServerResponse, kind: IngestKind, pipeline: string): Promise<void> {
    try {
      const found = this.#parts.authenticator.authenticate(request.headers.authorization);
      const principal = found instanceof Promise ? await found : found;
      // Unlike elsewhere before the body's form: who may not send has no megabytes read.
      requireScopes(principal, SCOPES);
      if (invalidNameReason(pipeline) !== undefined) {
        throw validationError({ 'path:pipeline': ['must match format "name"'] });
      }
      const decoded = await this.#receive(request, pipeline, FORMATS[kind]);
      sendProcessed(response, decoded);
    } catch (cause) {
      const error = toApiError(cause);
      if (error.code === 'INTERNAL') this.#parts.deps.onInternalError?.(error.cause ?? error, OPERATION_IDS[kind]);
      sendError(response, error);
    }
  }

  /** The same as routes of Express, for URLs in a spelling that only Express understands. */
  expressHandlers(): Record<string, RequestHandler> {
    const handlers: Record<string, RequestHandler> = {};
    for (const kind of Object.keys(FORMATS) as IngestKind[]) {
      handlers[OPERATION_IDS[kind]] = (request, response) =>
        this.serve(request, response, kind, String(request.params.pipeline));
    }
    return handlers;
  }

  async #receive(request: IncomingMessage, pipeline: string, format: IngestFormat): Promise<DecodedBody> {
    const { ingest } = this.#parts.deps;
    if (ingest.saturated) {
      throw new ApiError('RESOURCE_EXHAUSTED', 'too many records are in flight', {
        retryAfter: RETRY_SATURATED_SECONDS,
      });
    }
    const contentType = request.headers['content-type'];
    const type = mediaType(contentType);
    if (type === '' ? format.typeRequired : !format.mediaTypes.includes(type)) {
      throw unsupportedMedia('content type', contentType ?? '', format.mediaTypes.join(' or '));
    }
    return this.#parts.bodies.use(request, async (body) => {
      const decoded = format.decode(body, type, contentType, this.#parts.now());
      await ingest.ingest(pipeline, 'direct', decoded.batch);
      return decoded;
    });
  }
}

function sendProcessed(response: ServerResponse, { batch, rejected = 0, firstRejection }: DecodedBody): void {
  if (batch.length === 1 && rejected === 0) {
    response.writeHead(200, ONE_RECORD_HEADERS).end(ONE_RECORD_BODY);
    return;
  }
  const rejections = rejected > 0 ? { rejected_count: rejected, first_rejection: firstRejection } : {};
  const body = JSON.stringify({ success: true, processed_count: batch.length, ...rejections });
  response.writeHead(200, [...OK_HEADERS, String(Buffer.byteLength(body))]).end(body);
}
