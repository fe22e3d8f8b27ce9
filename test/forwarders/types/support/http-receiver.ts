import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Without its compression. */
  readonly body: Buffer;
  readonly text: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** The connection ends behind this much of a longer body. */
  readonly brokenOff?: boolean;
}

/** What a receiver does with a request; `cut` ends the connection without an answer, `hang` never answers. */
export type Handler = (request: ReceivedRequest, number: number) => Answer | 'cut' | 'hang';

/** An HTTP server on a free port that remembers its requests. */
export class HttpReceiver {
  readonly requests: ReceivedRequest[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #secure: boolean;
  readonly #sockets = new Set<Socket>();

  private constructor(handler: Handler, tls: ServerOptions | undefined) {
    const listener: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const raw = Buffer.concat(chunks);
        const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body, text: body.toString() };
        this.requests.push(received);
        const answer = handler(received, this.requests.length);
        if (answer === 'hang') return;
        if (answer === 'cut') {
          request.socket.destroy();
          return;
        }
        response.writeHead(answer.status ?? 200, {
          ...answer.headers,
          ...(answer.brokenOff && { 'Content-Length': 100_000 }),
        });
        if (answer.brokenOff !== true) response.end(answer.body);
        else response.write(answer.body ?? '', () => request.socket.destroy());
      });
    };
    this.#secure = tls !== undefined;
    this.#server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(handler: Handler = () => ({}), tls?: ServerOptions): Promise<HttpReceiver> {
    const receiver = new HttpReceiver(handler, tls);
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/'): string {
    return `${this.#secure ? 'https' : 'http'}://127.0.0.1:${this.port}${path}`;
  }

  /** Ends connections that are open. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.disconnect();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
