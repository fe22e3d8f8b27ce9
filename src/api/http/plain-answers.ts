import type { RequestHandler } from 'express';

/** Answers like a router that has never heard of the API: plain text. */
function sendPlain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): RequestHandler {
  return (_request, response) => {
    response.status(status).set(headers).type('text/plain').send(`${text}\n`);
  };
}

/** 404 for a path that is not there. */
export const pathNotFound = sendPlain(404, '404 page not found');

/** 405 for a path that has other methods. */
export function methodNotAllowed(allowed: readonly string[]): RequestHandler {
  return sendPlain(405, 'Method Not Allowed', { Allow: allowed.join(', ') });
}
