import type { IncomingMessage } from 'node:http';
import { bodyTooLarge, RequestBodyError } from './request-body-error';

const EMPTY = Buffer.alloc(0);

/**
 * Reads a request's body as sent.
 *
 * What comes after an error is left to Node, which reads and drops the rest so that the connection can go on.
 *
 * @param maxBytes the first byte beyond it ends the reading
 * @param onBytes called with the size of each chunk; what it throws ends the reading as well
 * @throws RequestBodyError `TOO_LARGE`, or `CANCELLED` when the client goes away
 */
export function readBody(
  request: IncomingMessage,
  maxBytes: number,
  onBytes?: (bytes: number) => void,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (declaredLength(request) > maxBytes) {
      reject(bodyTooLarge(maxBytes));
      return;
    }
    let first: Buffer = EMPTY;
    let chunks: Buffer[] | undefined;
    let length = 0;
    const giveUp = (error: unknown): void => {
      request.off('data', onData);
      chunks = undefined;
      first = EMPTY;
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > maxBytes) return giveUp(bodyTooLarge(maxBytes));
      try {
        onBytes?.(chunk.length);
      } catch (error) {
        return giveUp(error);
      }
      if (chunks !== undefined) {
        chunks.push(chunk);
      } else if (first === EMPTY) {
        first = chunk;
      } else {
        chunks = [first, chunk];
      }
    };
    request.on('data', onData);
    request.on('end', () => resolve(chunks === undefined ? first : Buffer.concat(chunks, length)));
    request.on('error', (cause) => reject(new RequestBodyError('CANCELLED', 'the request was broken off', { cause })));
  });
}

/** The body's length as the header tells it; 0 when it does not. */
export function declaredLength(request: IncomingMessage): number {
  const header = request.headers['content-length'];
  return header === undefined ? 0 : Number(header);
}
