import type { NextFunction, Request, Response } from 'express';
import { unsupportedMedia, validationError } from '../errors/api-error';
import type { Operation } from '../document';
import { contentEncoding, mediaType, readBody, type BodyExpander } from '../../inputs/http';
import { MAX_ADMIN_BODY_BYTES, MAX_PUBLIC_BODY_BYTES } from './limits';
import { parseJson } from './parse-json';

const JSON_TYPE = 'application/json';

/**
 * Reads the JSON body of an administrative request into `request.body`.
 *
 * The header `Content-Type` is set to what was found: clients may leave it out, and the validator keeps a compiled schema for
 * each text it sees there.
 */
export function jsonBody(operation: Operation, expander: BodyExpander) {
  const maxBytes = operation.isPublic ? MAX_PUBLIC_BODY_BYTES : MAX_ADMIN_BODY_BYTES;
  return async (request: Request, _response: Response, next: NextFunction): Promise<void> => {
    const given = request.headers['content-type'];
    delete request.headers['content-type'];
    if (operation.body === 'none') {
      next();
      return;
    }
    const type = mediaType(given);
    const isForeign = type !== '' && type !== JSON_TYPE;
    // Of nothing the type does not matter: `curl -d ''` calls it a form.
    if (isForeign && operation.body === 'optional' && request.headers['content-length'] === '0') {
      next();
      return;
    }
    if (isForeign) throw unsupportedMedia('content type', given ?? '', JSON_TYPE);
    const encoding = contentEncoding(request.headers['content-encoding']);
    const body = await expander.expand(await readBody(request, maxBytes), encoding, maxBytes);
    if (body.length > 0) {
      request.body = parseJson(body);
      request.headers['content-type'] = JSON_TYPE;
    } else if (operation.body === 'required') {
      throw validationError({ body: ['is required'] });
    }
    next();
  };
}
