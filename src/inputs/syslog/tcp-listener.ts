import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Ingest } from '../../pipeline/ingest';
import type { TlsCertificate } from '../../tls';
import { formatClient, SyslogFramer, SyslogSender, type OversizePolicy } from '../../syslog';
import { InputCounters, type RunningInput, type Warn } from '../input';
import { RateLimitedWarning } from '../rate-limited-warning';
import type { OriginFilter } from './origin-filter';
import { SyslogIntake } from './syslog-intake';

export interface TlsListenerOptions {
  readonly certificate: TlsCertificate;
  /** Client certificates: not asked for, asked for, or required. */
  readonly clientAuth: 'none' | 'request' | 'require';
}

export interface TcpListenerOptions {
  readonly name: string;
  /** Undefined: every interface, IPv6 and IPv4. */
  readonly host: string | undefined;
  readonly port: number;
  /** A listening socket that was handed to this process, in the place of `host` and `port`. */
  readonly descriptor?: number;
  readonly maxConnections: number;
  /** A connection that is silent for so long is closed, in milliseconds; 0: never. */
  readonly idleTimeoutMs: number;
  /** Longest message in bytes, and what happens to longer ones. */
  readonly maxMessageBytes: number;
  readonly oversize: OversizePolicy;
  /** Zone of time stamps that carry none. */
  readonly timezone: string;
  readonly origins: OriginFilter;
  readonly ingest: Ingest;
  readonly warn: Warn;
  /** Makes it a TLS listener (RFC 5425). */
  readonly tls?: TlsListenerOptions;
  /** How long to wait for the store when the listener stops, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/** A stopping listener has read everything that was under way when nothing has come for so long, in milliseconds. */
const QUIET_MS = 200;

/** Syslog over TCP (RFC 6587) and TLS (RFC 5425). */
export class TcpListener implements RunningInput {
  readonly name: string;
  readonly counters = new InputCounters();
  readonly #options: TcpListenerOptions;
  readonly #server: Server;
  readonly #intake: SyslogIntake;
  readonly #warning: RateLimitedWarning;
  readonly #connections = new Set<Socket>();
  #paused = false;
  #stopping = false;
  #lastData = 0;

  private constructor(options: TcpListenerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#intake = new SyslogIntake(options.ingest, this.counters, options.warn);
    this.#warning = new RateLimitedWarning(options.warn);
    const { tls } = options;
    if (tls === undefined) {
      this.#server = createServer((socket) => this.#accept(socket, ''));
    } else {
      const { certificate, clientAuth } = tls;
      const clients = { requestCert: clientAuth !== 'none', rejectUnauthorized: clientAuth === 'require' };
      const server = createTlsServer({ ...certificate.context, ...clients }, (socket) =>
        this.#accept(socket, peerName(socket)),
      );
      certificate.attach(server);
      this.#server = server;
    }
    this.#server.on('error', (error) => this.#warning.write('server', `${this.name}: ${error.message}`));
    this.#server.on('tlsClientError', (error: Error) => {
      this.counters.connectionsRefused++;
      this.#warning.write('tls', `${this.name}: TLS handshake failed: ${error.message}`);
    });
  }

  /** @throws NodeJS.ErrnoException when the address cannot be bound */
  static async start(options: TcpListenerOptions): Promise<TcpListener> {
    const listener = new TcpListener(options);
    const { host, port, descriptor } = options;
    listener.#server.listen(descriptor === undefined ? { host, port } : { fd: descriptor });
    await once(listener.#server, 'listening');
    return listener;
  }

  get address(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return formatClient(address, port);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#lastData = Date.now();
    const closed = once(this.#server, 'close');
    this.#server.close();
    // Our side is closed, so that senders stop; what they have sent already is read to the end.
    for (const socket of this.#connections) {
      socket.end();
      socket.resume();
    }
    const deadline = Date.now() + this.#options.drainTimeoutMs;
    while (this.#connections.size > 0 && Date.now() < deadline && Date.now() - this.#lastData < QUIET_MS) {
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 4));
    }
    for (const socket of this.#connections) socket.destroy();
    await closed;
    await this.#intake.finish(Math.max(0, deadline - Date.now()));
  }

  #accept(socket: Socket, tlsPeer: string): void {
    const { origins, maxConnections, timezone, idleTimeoutMs } = this.#options;
    const sender = new SyslogSender(
      formatClient(socket.remoteAddress ?? '', socket.remotePort ?? 0),
      tlsPeer,
      timezone,
    );
    // Its errors end in 'close', which is all there is to do about them.
    socket.on('error', () => undefined);
    if (!origins.allows(sender.hostname)) {
      this.counters.dropped.origin++;
      this.counters.connectionsRefused++;
      this.#warning.write('origin', `${this.name}: refused a connection from ${sender.hostname}`);
      socket.destroy();
      return;
    }
    if (this.#connections.size >= maxConnections) {
      this.counters.connectionsRefused++;
      this.#warning.write('connections', `${this.name}: more than ${maxConnections} connections, one was refused`);
      socket.destroy();
      return;
    }
    this.#connections.add(socket);
    this.counters.connections = this.#connections.size;
    const framer = new SyslogFramer({
      maxMessageBytes: this.#options.maxMessageBytes,
      oversize: this.#options.oversize,
    });
    if (idleTimeoutMs > 0) socket.setTimeout(idleTimeoutMs, () => socket.end());
    socket.on('data', (chunk: Buffer) => {
      this.counters.bytes += chunk.length;
      if (this.#stopping) this.#lastData = Date.now();
      framer.push(chunk);
      this.#take(framer, sender);
    });
    socket.on('close', () => {
      framer.finish();
      this.#take(framer, sender);
      this.#connections.delete(socket);
      this.counters.connections = this.#connections.size;
    });
    if (this.#paused) socket.pause();
  }

  #take(framer: SyslogFramer, sender: SyslogSender): void {
    const arrival = Date.now();
    const rejectedBefore = framer.rejected;
    while (framer.next()) this.#intake.add(framer, arrival, sender);
    const rejected = framer.rejected - rejectedBefore;
    if (rejected > 0) {
      this.counters.received += rejected;
      this.counters.dropped.oversize += rejected;
      this.#warning.write('oversize', `${this.name}: a message from ${sender.hostname} was longer than allowed`);
    }
    if (this.#options.ingest.saturated || this.#intake.stuck) this.#pause();
  }

  /** Senders wait in their own buffers until the store has room. */
  #pause(): void {
    if (this.#paused || this.#stopping) return;
    this.#paused = true;
    for (const socket of this.#connections) socket.pause();
    this.#options.ingest.onDrain(() => this.#intake.onRoom(() => this.#resume()));
  }

  #resume(): void {
    if (this.#options.ingest.saturated) {
      this.#options.ingest.onDrain(() => this.#resume());
      return;
    }
    this.#paused = false;
    for (const socket of this.#connections) socket.resume();
  }
}

/** The name in the client's certificate, for the field `tls_peer`; empty without a certificate that was verified. */
function peerName(socket: TLSSocket): string {
  if (!socket.authorized) return '';
  const { subject } = socket.getPeerCertificate();
  const name = subject?.CN as string | string[] | undefined;
  return Array.isArray(name) ? (name[0] ?? '') : (name ?? '');
}
