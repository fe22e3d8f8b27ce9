import type { ServerResponse } from 'node:http';
import { BASE_HEADERS } from '../http/headers';
import type { ApiError } from './api-error';

/** RFC 9110, section 11.6.1: a 401 names the scheme to use. */
const CHALLENGE = 'Bearer realm="logweir"';

/** Writes an error answer: status, JSON body and headers. Does nothing but end the connection when an answer is under way. */
export function sendError(response: ServerResponse, error: ApiError): void {
  if (response.headersSent) {
    // The status cannot be changed any more: an end without the final chunk is how the client learns of the failure.
    response.destroy();
    return;
  }
  const body = JSON.stringify({
    status: error.code,
    error: error.message,
    code: error.detailCode,
    context: error.context,
  });
  const headers = [
    ...BASE_HEADERS,
    'Content-Type',
    'application/json; charset=utf-8',
    'Content-Length',
    String(Buffer.byteLength(body)),
  ];
  if (error.httpStatus === 401) headers.push('WWW-Authenticate', CHALLENGE);
  if (error.retryAfter !== undefined) headers.push('Retry-After', String(Math.max(1, Math.ceil(error.retryAfter))));
  response.writeHead(error.httpStatus, headers).end(body);
}
