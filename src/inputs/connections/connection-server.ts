import { once } from 'node:events';
import { createServer, type AddressInfo, type BlockList, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls';
import { formatClient, senderAddress, SyslogSender } from '../../syslog';
import { handshakeProblem, type TlsCertificate } from '../../tls';
import type { InputCounters } from '../input';
import type { RateLimitedWarning } from '../rate-limited-warning';
import { isInList, networkList } from '../syslog/network-list';
import type { Origins } from '../syslog/origin-filter';
import type { SenderZones } from '../syslog/sender-zones';
import { NO_PEER, peerNames, type PeerNames } from './peer-names';
import { readProxyHeader, type ProxyHeader } from './proxy-protocol';
import { SenderConnection } from './sender-connection';

export interface TlsListenerOptions {
  readonly certificate: TlsCertificate;
  /** Client certificates: not asked for, asked for, or required. */
  readonly clientAuth: 'none' | 'request' | 'require';
}

/** What all listeners for connections have alike. */
export interface ConnectionOptions {
  readonly name: string;
  /** Undefined: every interface, IPv6 and IPv4. */
  readonly host: string | undefined;
  readonly port: number;
  /** A listening socket that was handed to this process, in the place of `host` and `port`. */
  readonly descriptor?: number;
  readonly maxConnections: number;
  /** 0: no limit of its own. */
  readonly maxConnectionsPerAddress: number;
  /** A connection that is silent for so long is closed, in milliseconds; 0: never. */
  readonly idleTimeoutMs: number;
  readonly origins: Origins;
  /** Zones of time stamps that carry none. */
  readonly zones: SenderZones;
  /** Addresses and networks whose connections begin with a PROXY header that names the sender. */
  readonly proxies: readonly string[];
  /** Undefined: plain TCP. */
  readonly tls: TlsListenerOptions | undefined;
}

/** What {@link ConnectionServer} works with beside its settings. */
export interface ConnectionHost {
  readonly counters: InputCounters;
  readonly warning: RateLimitedWarning;
  readonly onConnection: (connection: SenderConnection) => void;
}

/** A PROXY header stands at the very begin: whoever takes longer has nothing to send. In milliseconds. */
const PROXY_HEADER_TIMEOUT_MS = 10_000;
/** Silence after which the kernel asks whether the sender is still there, in milliseconds: dead peers give their place back. */
const KEEP_ALIVE_DELAY_MS = 60_000;

/**
 * Accepts connections: limits, allowed origins, PROXY headers and TLS. Whoever gets through is handed on as a
 * {@link SenderConnection}; everybody else is counted and closed.
 */
export class ConnectionServer {
  readonly #options: ConnectionOptions;
  readonly #host: ConnectionHost;
  readonly #server: Server;
  readonly #tls: TlsServer | undefined;
  readonly #proxies: BlockList;
  /** Every connection that takes a place, also while it shakes hands. */
  readonly #open = new Set<Socket>();
  readonly #connections = new Set<SenderConnection>();
  readonly #openByAddress = new Map<string, number>();
  /** Clients of TLS handshakes under way, by the addresses of their connection. */
  readonly #handshakes = new Map<string, string>();
  readonly #unfollowOrigins: () => void;
  #held = false;
  #closing = false;

  constructor(options: ConnectionOptions, host: ConnectionHost) {
    this.#options = options;
    this.#host = host;
    this.#proxies = networkList(options.proxies);
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS, noDelay: true };
    this.#server = createServer(keepAlive, (socket) => this.#accept(socket));
    this.#server.on('error', (error) => host.warning.write('server', `${options.name}: ${error.message}`));
    if (options.tls !== undefined) this.#tls = this.#createTls(options.tls);
    this.#unfollowOrigins = options.origins.onChange(() => this.#dropDisallowed());
  }

  /** @throws NodeJS.ErrnoException when the address cannot be bound */
  async listen(): Promise<void> {
    const { host, port, descriptor } = this.#options;
    this.#server.listen(descriptor === undefined ? { host, port } : { fd: descriptor });
    await once(this.#server, 'listening');
  }

  get address(): string {
    const { address, port } = this.#server.address() as AddressInfo;
    return formatClient(address, port);
  }

  /** Connections that got through. */
  get connections(): ReadonlySet<SenderConnection> {
    return this.#connections;
  }

  /** Stops reading from all senders, or goes on; new connections are treated alike. */
  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    for (const connection of this.#connections) {
      if (held) connection.pause();
      else connection.resume();
    }
  }

  /** Takes no more connections, and drops those that are not through yet. */
  stopAccepting(): void {
    this.#closing = true;
    this.#unfollowOrigins();
    this.#server.close();
    const through = new Set([...this.#connections].map(({ socket }) => keyOf(socket)));
    for (const socket of this.#open) {
      if (!through.has(keyOf(socket))) socket.destroy();
    }
  }

  /** Cuts what is left and waits until all of it is gone. */
  async close(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    if (this.#open.size > 0 || this.#server.listening) await once(this.#server, 'close');
  }

  #createTls({ certificate, clientAuth }: TlsListenerOptions): TlsServer {
    const { name } = this.#options;
    const clients = { requestCert: clientAuth !== 'none', rejectUnauthorized: clientAuth === 'require' };
    // It never listens: connections reach it once their sender is known.
    const server = createTlsServer({ ...certificate.context, ...clients }, (socket) => {
      const client = this.#handshakes.get(keyOf(socket));
      if (client === undefined) {
        socket.destroy();
        return;
      }
      this.#handshakes.delete(keyOf(socket));
      socket.on('error', () => undefined);
      this.#connected(socket, client, verifiedPeer(socket));
    });
    server.on('tlsClientError', (error: Error, socket) => {
      const client = this.#handshakes.get(keyOf(socket)) ?? 'a client that has gone';
      this.#host.warning.write('tls', `${name}: TLS handshake with ${client} failed: ${handshakeProblem(error)}`);
      socket.destroy();
    });
    certificate.attach(server);
    return server;
  }

  #accept(socket: Socket): void {
    // Its errors end in 'close', which is all there is to do about them.
    socket.on('error', () => undefined);
    const { maxConnections } = this.#options;
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || remotePort === undefined || this.#closing) {
      socket.destroy();
      return;
    }
    if (this.#open.size >= maxConnections) {
      this.#refuse(socket, 'connections', `more than ${maxConnections} connections, one was refused`);
      return;
    }
    this.#open.add(socket);
    this.#host.counters.connections = this.#open.size;
    socket.on('close', () => {
      this.#open.delete(socket);
      this.#host.counters.connections = this.#open.size;
    });
    const address = senderAddress(remoteAddress);
    if (!isInList(this.#proxies, address)) {
      this.#admit(socket, remoteAddress, remotePort);
      return;
    }
    this.#readProxyHeader(
      socket,
      (header) => {
        const source = header.source ?? { address: remoteAddress, port: remotePort };
        this.#admit(socket, source.address, source.port);
      },
      (reason) => this.#refuse(socket, 'proxy', `${reason}: proxy ${address}`),
    );
  }

  #readProxyHeader(socket: Socket, done: (header: ProxyHeader) => void, failed: (reason: string) => void): void {
    let received = Buffer.alloc(0);
    const timeout = setTimeout(() => failed('no PROXY header came in time'), PROXY_HEADER_TIMEOUT_MS);
    socket.on('close', () => clearTimeout(timeout));
    const read = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      let header: ProxyHeader | undefined;
      try {
        header = readProxyHeader(received);
      } catch (error) {
        clearTimeout(timeout);
        failed((error as Error).message);
        return;
      }
      if (header === undefined) return;
      clearTimeout(timeout);
      socket.off('data', read);
      socket.pause();
      if (received.length > header.length) socket.unshift(received.subarray(header.length));
      done(header);
    };
    socket.on('data', read);
  }

  /** The sender is known: may it send? */
  #admit(socket: Socket, clientAddress: string, port: number): void {
    const { origins, maxConnectionsPerAddress } = this.#options;
    const address = senderAddress(clientAddress);
    if (!origins.allows(address)) {
      this.#refuse(socket, 'origin', `refused a connection from ${address}`);
      return;
    }
    const open = this.#openByAddress.get(address) ?? 0;
    if (maxConnectionsPerAddress > 0 && open >= maxConnectionsPerAddress) {
      const reason = `more than ${maxConnectionsPerAddress} connections from ${address}, one was refused`;
      this.#refuse(socket, 'address', reason);
      return;
    }
    this.#openByAddress.set(address, open + 1);
    socket.on('close', () => this.#leave(address));
    const client = formatClient(clientAddress, port);
    if (this.#tls === undefined) this.#connected(socket, client, NO_PEER);
    else this.#shakeHands(this.#tls, socket, client);
  }

  /** Who may not send any more doesn't go on over a connection from before. */
  #dropDisallowed(): void {
    for (const { socket, sender } of this.#connections) {
      if (this.#options.origins.allows(sender.hostname)) continue;
      this.#refuse(socket, 'origin', `closed a connection from ${sender.hostname}, which may not send any more`);
    }
  }

  #shakeHands(server: TlsServer, socket: Socket, client: string): void {
    const key = keyOf(socket);
    this.#handshakes.set(key, client);
    socket.on('close', () => {
      if (this.#handshakes.delete(key) && !this.#closing) this.#host.counters.connectionsRefused++;
    });
    server.emit('connection', socket);
  }

  #leave(address: string): void {
    const open = (this.#openByAddress.get(address) ?? 0) - 1;
    if (open > 0) this.#openByAddress.set(address, open);
    else this.#openByAddress.delete(address);
  }

  #connected(socket: Socket, client: string, peer: PeerNames): void {
    const { zones, idleTimeoutMs } = this.#options;
    const address = senderAddress(client);
    const moreFields: [string, string][] = [];
    if (peer.subject !== '') moreFields.push(['tls_subject', peer.subject]);
    // Behind a proxy, which is who really connected to us.
    const connected = senderAddress(socket.remoteAddress ?? '');
    if (connected !== address && connected !== '') moreFields.push(['proxy', connected]);
    const sender = new SyslogSender(client, peer.name, zones.zoneOf(address), moreFields);
    const connection = new SenderConnection(socket, sender);
    this.#connections.add(connection);
    socket.on('close', () => this.#connections.delete(connection));
    if (idleTimeoutMs > 0) connection.endWhenIdle(idleTimeoutMs);
    this.#host.onConnection(connection);
    if (this.#held) connection.pause();
    else socket.resume();
  }

  #refuse(socket: Socket, kind: string, reason: string): void {
    this.#host.counters.connectionsRefused++;
    this.#host.warning.write(kind, `${this.#options.name}: ${reason}`);
    socket.destroy();
  }
}

/** What tells one open connection from every other; the same for a TLS socket and the one below it. */
function keyOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}|${socket.localAddress}`;
}

/** The names in the client's certificate; none without a certificate that was verified. */
function verifiedPeer(socket: TLSSocket): PeerNames {
  return socket.authorized ? peerNames(socket.getPeerCertificate()) : NO_PEER;
}
