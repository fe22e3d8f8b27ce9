import { validationError } from '../errors/api-error';

/**
 * Parses a JSON body.
 * @throws ApiError 400
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) throw validationError({ body: ['is required'] });
  try {
    // A byte order mark is not JSON, but some senders cannot do without.
    const text =
      body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.toString('utf8', 3) : body.toString('utf8');
    return JSON.parse(text);
  } catch (error) {
    throw validationError({ body: [`is not JSON: ${(error as Error).message}`] });
  }
}
