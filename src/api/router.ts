import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { auditRequest } from './audit-trail';
import { requireScopes } from './auth/scopes';
import { receiveUpload } from './backup/receive-upload';
import { Call, type OperationHandlers } from './call';
import type { ApiDependencies } from './dependencies';
import { API_PREFIX, type ApiDocument, type Operation } from './document';
import type { BodyExpander } from '../inputs/http';
import { jsonBody } from './http/json-body';
import { methodNotAllowed } from './http/plain-answers';
import { requestValidator } from './validator';

export interface RouterParts {
  readonly document: ApiDocument;
  readonly handlers: OperationHandlers;
  /** Handlers that check and read their requests themselves; see ingest/. */
  readonly rawHandlers: Readonly<Record<string, RequestHandler>>;
  readonly authenticate: RequestHandler;
  readonly expander: BodyExpander;
  readonly deps: ApiDependencies;
  readonly now: () => number;
}

/**
 * Adds a route for each operation of the description. The order of checks is the same for all: authentication, form of the
 * request, scopes, operation.
 *
 * @throws Error when description and handlers do not name the same operations
 */
export function addRoutes(app: Express, parts: RouterParts): void {
  const { document, handlers, rawHandlers } = parts;
  checkComplete(document, [...Object.keys(handlers), ...Object.keys(rawHandlers)]);
  const validate = requestValidator(document, parts.deps.validateResponses);
  for (const operation of document.operations) {
    const raw = rawHandlers[operation.id];
    const chain = raw === undefined ? operationChain(operation, validate, parts) : [raw];
    app[operation.method](expressPath(operation.path), refuseHead, ...chain);
  }
  for (const [path, methods] of methodsByPath(document.operations)) app.all(path, methodNotAllowed(methods));
}

function operationChain(
  operation: Operation,
  validate: readonly RequestHandler[],
  parts: RouterParts,
): RequestHandler[] {
  const { handlers, authenticate, expander, deps, now } = parts;
  const handler = handlers[operation.id];
  if (handler === undefined) throw new Error(`operation ${operation.id} has no handler`);

  const begin: RequestHandler = (request, response, next) => {
    response.locals.operation = operation.id;
    auditRequest(operation, request, response, deps, now);
    next();
  };
  const authorize = (call: Call): void => {
    if (!operation.isPublic) requireScopes(call.principal, operation.scopes);
  };
  const run = async (request: Request, response: Response): Promise<void> => {
    const call = new Call(request, response);
    authorize(call);
    const result = await handler(call);
    if (result !== undefined) response.json({ success: true, ...result });
  };
  const identify = operation.isPublic ? [] : [authenticate];
  if (operation.body === 'upload') {
    // Unlike elsewhere before the body: who may not send has no gigabytes received.
    const authorizeFirst: RequestHandler = (request, response, next) => {
      authorize(new Call(request, response));
      next();
    };
    return [begin, ...identify, authorizeFirst, receiveUpload(deps.temporaryDirectory), run];
  }
  return [begin, ...identify, jsonBody(operation, expander), ...validate, run];
}

/** Express would answer HEAD with what GET gives; the description has no HEAD. */
function refuseHead(request: Request, _response: Response, next: NextFunction): void {
  next(request.method === 'HEAD' ? 'route' : undefined);
}

function checkComplete(document: ApiDocument, handled: readonly string[]): void {
  const described = new Set(document.operations.map(({ id }) => id));
  const known = new Set(handled);
  const missing = [...described].filter((id) => !known.has(id));
  const unknown = handled.filter((id) => !described.has(id));
  if (missing.length > 0 || unknown.length > 0) {
    throw new Error(
      `operations without handler: [${missing.join(', ')}]; handlers without operation: [${unknown.join(', ')}]`,
    );
  }
}

function methodsByPath(operations: readonly Operation[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of operations) {
    const list = methods.get(expressPath(path)) ?? [];
    list.push(method.toUpperCase());
    methods.set(expressPath(path), list);
  }
  return methods;
}

function expressPath(path: string): string {
  return API_PREFIX + path.replaceAll('{', ':').replaceAll('}', '');
}
