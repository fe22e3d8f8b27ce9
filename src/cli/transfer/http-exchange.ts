import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { apiError, connectionError, type ApiClient } from '../api-client';

/** Longest part of a refusal that is read, in bytes. */
const MAX_REFUSAL_BYTES = 64 * 1024;

export interface Exchange {
  readonly request: ClientRequest;
  /** @throws ApiError when the server refuses; ConnectionError when the connection breaks before it has answered */
  readonly response: Promise<IncomingMessage>;
}

/**
 * A request whose body or answer is too large for memory, or takes longer to begin than `fetch` waits (five minutes): a
 * backup of a large store is put together before its first byte is sent.
 */
export function startExchange(
  client: ApiClient,
  path: string,
  options: {
    readonly method: 'GET' | 'POST';
    readonly query?: Readonly<Record<string, string | undefined>>;
    readonly headers?: Readonly<Record<string, string | number>>;
  },
): Exchange {
  const { url, headers } = client.target(path);
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(url, { method: options.method, headers: { ...headers, ...options.headers } });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // Stays on: a request that is cut off after its answer fails once more.
    request.on('error', (error) => reject(connectionError(url.origin, error)));
  }).then(accepted(url));
  // Whoever sends a body waits for that first.
  response.catch(() => undefined);
  if (options.method === 'GET') request.end();
  return { request, response };
}

function accepted(url: URL): (response: IncomingMessage) => Promise<IncomingMessage> {
  return async (response) => {
    const { statusCode: status = 0, statusMessage: statusText = '' } = response;
    if (status >= 200 && status < 300) return response;
    const text = await readStart(response);
    response.destroy();
    throw apiError({ status, statusText, url: url.href }, text);
  };
}

async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MAX_REFUSAL_BYTES) break;
    }
  } catch {
    // What came will do.
  }
  return Buffer.concat(chunks).toString();
}
