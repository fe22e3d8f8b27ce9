import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer, type TlsOptions } from 'node:tls';

/** A TCP or TLS server that keeps what it is sent. */
export class StreamReceiver {
  text = '';
  readonly sockets: Socket[] = [];
  readonly #server: Server;
  readonly #connections = new Set<Socket>();

  private constructor(tls: TlsOptions | undefined) {
    const accept = (socket: Socket): void => {
      this.sockets.push(socket);
      socket.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
      socket.on('error', () => undefined);
    };
    this.#server = tls === undefined ? createServer(accept) : createSecureServer(tls, accept);
    this.#server.on('connection', (socket: Socket) => this.#connections.add(socket));
  }

  static async start(tls?: TlsOptions, port = 0): Promise<StreamReceiver> {
    const receiver = new StreamReceiver(tls);
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#connections) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
