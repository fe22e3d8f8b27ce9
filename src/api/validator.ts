import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { middleware } from 'express-openapi-validator';
import { invalidNameReason } from '../storage/item-name';
import type { ApiDocument } from './document';
import { parseRfc3339 } from './time/rfc3339';

/** Formats of the description that JSON Schema does not define, or not as strictly. */
const FORMATS = {
  name: { type: 'string' as const, validate: (text: string) => invalidNameReason(text) === undefined },
  'date-time': { type: 'string' as const, validate: (text: string) => parseRfc3339(text) !== undefined },
};

/**
 * The handlers that check a request against the description: path, query, headers and body. Authentication is not theirs.
 * Dates stay texts.
 *
 * @param validateResponses whether answers are checked too; one that is not as described becomes an internal error
 */
export function requestValidator(document: ApiDocument, validateResponses = false): RequestHandler[] {
  const validators = middleware({
    // The validator works on its own copy, for it changes what it is given.
    apiSpec: structuredClone(document.json) as Parameters<typeof middleware>[0]['apiSpec'],
    validateSecurity: false,
    validateResponses,
    // Clients of other versions may send parameters that this one does not know.
    validateRequests: { allowUnknownQueryParameters: true },
    fileUploader: false,
    formats: FORMATS,
  });
  return [ownQuery, ...validators];
}

/**
 * Gives the request a query of its own, which the validator may change (Express computes it anew at each access), without
 * parameters that are blank: a form that is not filled in means no parameter.
 */
function ownQuery(request: Request, _response: Response, next: NextFunction): void {
  const query = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of Object.entries(request.query)) if (value !== '') query[name] = value;
  Object.defineProperty(request, 'query', { value: query, writable: true, configurable: true, enumerable: true });
  next();
}
