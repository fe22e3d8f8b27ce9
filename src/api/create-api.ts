import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { Passport } from 'passport';
import { AUDIT_STREAM } from './audit-stream';
import { Authenticator } from './auth/authenticator';
import { BearerHeaderStrategy } from './auth/bearer-strategy';
import { LoginLimiter } from './auth/login-limiter';
import type { OperationHandlers } from './call';
import type { ApiDependencies } from './dependencies';
import { loadDocument } from './document';
import { addDocumentRoutes } from './document-routes';
import { ApiError } from './errors/api-error';
import { sendError } from './errors/send-error';
import { toApiError } from './errors/to-api-error';
import { BodyExpander } from '../inputs/http';
import { CrossOrigin } from './http/cors';
import { BASE_HEADERS } from './http/headers';
import { DEFAULT_MAX_INGEST_BODY_BYTES, MAX_PARALLEL_EXPANSIONS } from './http/limits';
import { belowMountPath } from './http/mount-path';
import { pathNotFound } from './http/plain-answers';
import { securityHeaders } from './http/security-headers';
import { ElasticAuthenticator } from './elastic/elastic-authenticator';
import { ElasticEndpoint, isElasticUrl } from './elastic/elastic-endpoint';
import { IngestBodies } from './ingest/ingest-bodies';
import { IngestEndpoint } from './ingest/ingest-endpoint';
import { matchIngestUrl } from './ingest/match-ingest-url';
import { authOperations } from './resources/auth-operations';
import { authProviderOperations } from './resources/auth-provider-operations';
import { backupOperations } from './resources/backup-operations';
import { deadLetterOperations } from './resources/forwarder-dead-letter-operations';
import { forwarderOperations } from './resources/forwarder-operations';
import { forwarderQueueOperations } from './resources/forwarder-queue-operations';
import { inputOperations } from './resources/input-operations';
import { pipelineOperations } from './resources/pipeline-operations';
import { roleOperations } from './resources/role-operations';
import { streamOperations } from './resources/stream-operations';
import { systemConfigurationOperations } from './resources/system-configuration-operations';
import { testOperations } from './resources/test-operations';
import { tokenOperations } from './resources/token-operations';
import { transformerOperations } from './resources/transformer-operations';
import { userOperations } from './resources/user-operations';
import { addRoutes } from './router';
import { LogWatches } from './streams/log-watches';

/** Ids that people and proxies make have some 40 characters. */
const MAX_CORRELATION_ID = 100;

/** The HTTP API, to be mounted on a server. */
export interface Api {
  /** Takes the requests of a `node:http` server. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Ends what would never end by itself (watches). Requests under way are finished. */
  close(): void;
}

/**
 * Builds the API.
 *
 * Ingest requests and those of Elasticsearch's clients are served ahead of Express, everything else by it.
 *
 * @example
 * const api = createApi({ auth, sessions, config, logs, ingest, flows });
 * const server = http.createServer(api.handle).listen(5080);
 */
export function createApi(deps: ApiDependencies): Api {
  const now = deps.now ?? Date.now;
  const authenticator = new Authenticator(deps.auth, deps.sessions);
  const expander = new BodyExpander(MAX_PARALLEL_EXPANSIONS);
  const maxBodyBytes = deps.maxIngestBodyBytes ?? DEFAULT_MAX_INGEST_BODY_BYTES;
  const bodies = new IngestBodies(expander, maxBodyBytes);
  const ingest = new IngestEndpoint({ authenticator, bodies, deps, now });
  const limiter = new LoginLimiter(deps.now ?? (() => performance.now()));
  const elastic = new ElasticEndpoint({
    auth: new ElasticAuthenticator(deps.auth, authenticator, limiter, now),
    bodies,
    deps,
    now,
  });
  const watches = new LogWatches(deps.logs);
  const crossOrigin = new CrossOrigin(deps.corsOrigins ?? []);
  const mountPath = deps.mountPath ?? '';

  const handlers: OperationHandlers = {
    ...authOperations(deps.auth, deps.sessions, limiter),
    ...tokenOperations(deps.auth),
    ...userOperations(deps.auth),
    ...roleOperations(deps.auth),
    ...streamOperations(deps.logs, watches, deps.internalStreams ?? [AUDIT_STREAM]),
    ...pipelineOperations(deps.config, deps.flows),
    ...transformerOperations(deps.config),
    ...forwarderOperations(deps.config, deps.forwarders),
    ...forwarderQueueOperations(deps.forwarders),
    ...deadLetterOperations(deps.forwarders),
    ...testOperations(deps.flows, deps.transformerOptions),
    ...backupOperations(deps),
    ...systemConfigurationOperations(deps.config),
    ...inputOperations(deps.inputs ?? (() => []), now),
    ...authProviderOperations(deps.config),
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.use(securityHeaders);
  const document = loadDocument();
  addDocumentRoutes(app, document, mountPath);
  addRoutes(app, {
    document,
    handlers,
    rawHandlers: ingest.expressHandlers(),
    authenticate: bearerAuthentication(authenticator),
    expander,
    deps,
    now,
  });
  app.use(pathNotFound);
  app.use(errorAnswer(deps));

  return {
    handle(request, response) {
      const url = belowMountPath(request.url ?? '', mountPath);
      if (url === undefined) {
        response.writeHead(404, PLAIN_HEADERS).end('404 page not found\n');
        return;
      }
      request.url = url;
      if (crossOrigin.handle(request, response)) return;
      if (isElasticUrl(url)) {
        void elastic.serve(request, response);
        return;
      }
      const match = request.method === 'POST' ? matchIngestUrl(url) : undefined;
      if (match === undefined) app(request, response);
      else void ingest.serve(request, response, match.kind, match.pipeline);
    },
    close() {
      watches.close();
    },
  };
}

const PLAIN_HEADERS = [...BASE_HEADERS, 'Content-Type', 'text/plain; charset=utf-8'];

function bearerAuthentication(authenticator: Authenticator): RequestHandler {
  const passport = new Passport();
  passport.use(new BearerHeaderStrategy(authenticator));
  return (request, response, next) => {
    const done = (error: unknown, principal?: Express.User | false): void => {
      if (error) return next(error);
      if (!principal) return next(new ApiError('UNAUTHENTICATED', 'missing token'));
      request.user = principal;
      next();
    };
    (passport.authenticate('bearer', { session: false }, done) as RequestHandler)(request, response, next);
  };
}

function errorAnswer(deps: ApiDependencies): ErrorRequestHandler {
  // Express tells error handlers by their four parameters.
  return (cause: unknown, request, response, _next) => {
    const error = toApiError(cause);
    const operation = (response.locals.operation as string | undefined) ?? request.path;
    if (error.code === 'INTERNAL') deps.onInternalError?.(error.cause ?? error, operation + correlation(request));
    sendError(response, error);
  };
}

/** What the client calls its request, for the log: to be found again on both sides. */
function correlation({ headers }: IncomingMessage): string {
  const id = headers['x-correlation-id'];
  return typeof id === 'string' && id !== ''
    ? ` (correlation id ${JSON.stringify(id.slice(0, MAX_CORRELATION_ID))})`
    : '';
}
