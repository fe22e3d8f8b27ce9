import { createSocket, type BindOptions, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Ingest } from '../../pipeline/ingest';
import { formatClient, senderAddress, SyslogFramer, SyslogSender, type OversizePolicy } from '../../syslog';
import { InputCounters, type RunningInput, type Warn } from '../input';
import { RateLimitedWarning } from '../rate-limited-warning';
import { kernelDrops } from './kernel-drops';
import type { OriginFilter } from './origin-filter';
import { SyslogIntake } from './syslog-intake';

export interface UdpListenerOptions {
  readonly name: string;
  /** Undefined: every interface, IPv6 and IPv4. */
  readonly host: string | undefined;
  readonly port: number;
  /** A bound socket that was handed to this process, in the place of `host` and `port`. */
  readonly descriptor?: number;
  /** Kernel buffer asked for, in bytes; Linux grants at most net.core.rmem_max. */
  readonly receiveBufferBytes: number;
  /** Zone of time stamps that carry none. */
  readonly timezone: string;
  /** Longest message in bytes, and what happens to longer ones. */
  readonly maxMessageBytes: number;
  readonly oversize: OversizePolicy;
  readonly origins: OriginFilter;
  readonly ingest: Ingest;
  readonly warn: Warn;
  /** How long to wait for the store when the listener stops, in milliseconds. */
  readonly drainTimeoutMs: number;
}

/** Senders that are remembered; above this all are forgotten and met anew. */
const MAX_SENDERS = 10_000;

/** How often the kernel's drop counter is read, in milliseconds. */
const DROPS_INTERVAL_MS = 5_000;

/** Linux reports twice what was asked for: it counts its own overhead in. */
const LINUX_BUFFER_FACTOR = 2;

interface KnownSender {
  readonly sender: SyslogSender;
  readonly allowed: boolean;
}

/** Syslog over UDP (RFC 5426). */
export class UdpListener implements RunningInput {
  readonly name: string;
  readonly counters = new InputCounters();
  /** Receive buffer that was asked for, in bytes. */
  readonly requestedBufferBytes: number;
  /** What the kernel granted of it, in bytes. */
  readonly receiveBufferBytes: number;
  /** Datagrams that the kernel dropped because the buffer was full; undefined where the system does not tell. */
  kernelDropped: number | undefined;
  readonly #options: UdpListenerOptions;
  readonly #socket: Socket;
  readonly #intake: SyslogIntake;
  /** Separates the lines of each datagram. */
  readonly #framer: SyslogFramer;
  readonly #warning: RateLimitedWarning;
  readonly #senders = new Map<string, KnownSender>();
  readonly #dropsTimer: NodeJS.Timeout;
  #originsVersion: number;

  private constructor(options: UdpListenerOptions, socket: Socket) {
    this.name = options.name;
    this.#options = options;
    this.#socket = socket;
    this.#intake = new SyslogIntake(options.ingest, this.counters, options.warn);
    this.#framer = new SyslogFramer({ maxMessageBytes: options.maxMessageBytes, oversize: options.oversize });
    this.#warning = new RateLimitedWarning(options.warn);
    this.#originsVersion = options.origins.version;
    this.requestedBufferBytes = options.receiveBufferBytes;
    this.receiveBufferBytes = grantedBuffer(socket);
    if (this.receiveBufferBytes < options.receiveBufferBytes) {
      options.warn(
        `${options.name}: the kernel gave a receive buffer of ${this.receiveBufferBytes} bytes instead of ` +
          `${options.receiveBufferBytes}; raise it with: sysctl -w net.core.rmem_max=${options.receiveBufferBytes}`,
      );
    }
    socket.on('message', (message, remote) => this.#receive(message, remote));
    socket.on('error', (error) => this.#warning.write('socket', `${options.name}: ${error.message}`));
    this.#dropsTimer = setInterval(() => void this.readKernelDrops(), DROPS_INTERVAL_MS);
    this.#dropsTimer.unref();
  }

  /** @throws NodeJS.ErrnoException when the address cannot be bound */
  static async start(options: UdpListenerOptions): Promise<UdpListener> {
    const socket = await bind(options);
    const listener = new UdpListener(options, socket);
    await listener.readKernelDrops();
    return listener;
  }

  get address(): string {
    const { address, port } = this.#socket.address();
    return formatClient(address, port);
  }

  /** Reads the kernel's drop counter and warns when it has risen. */
  async readKernelDrops(): Promise<void> {
    const drops = await kernelDrops(this.#socket.address().port).catch(() => undefined);
    const before = this.kernelDropped ?? 0;
    this.kernelDropped = drops;
    if (drops === undefined || drops <= before) return;
    this.#warning.write(
      'kernel',
      `${this.name}: the kernel dropped ${drops - before} datagrams because the receive buffer ` +
        `(${this.receiveBufferBytes} bytes) was full; a larger one: sysctl -w net.core.rmem_max=… and syslog.udp.receive_buffer`,
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.#dropsTimer);
    await this.readKernelDrops();
    this.#socket.close();
    await this.#intake.finish(this.#options.drainTimeoutMs);
  }

  #receive(message: Buffer, remote: RemoteInfo): void {
    this.counters.bytes += message.length;
    const known = this.#sender(remote);
    if (!known.allowed) {
      this.counters.received++;
      this.counters.dropped.origin++;
      this.#warning.write('origin', `${this.name}: refused a datagram from ${known.sender.hostname}`);
      return;
    }
    if (this.#options.ingest.saturated || this.#intake.stuck) {
      this.counters.received++;
      this.counters.dropped.back_pressure++;
      this.#warning.write('back_pressure', `${this.name}: the store cannot keep up, datagrams are dropped`);
      return;
    }
    const arrival = Date.now();
    const framer = this.#framer;
    const rejectedBefore = framer.rejected;
    framer.pushDatagram(message);
    while (framer.next()) this.#intake.add(framer, arrival, known.sender);
    const rejected = framer.rejected - rejectedBefore;
    if (rejected > 0) {
      this.counters.received += rejected;
      this.counters.dropped.oversize += rejected;
      this.#warning.write('oversize', `${this.name}: a message from ${known.sender.hostname} was longer than allowed`);
    }
  }

  #sender(remote: RemoteInfo): KnownSender {
    const { origins, timezone } = this.#options;
    if (this.#originsVersion !== origins.version || this.#senders.size >= MAX_SENDERS) {
      this.#originsVersion = origins.version;
      this.#senders.clear();
    }
    const key = `${remote.address}|${remote.port}`;
    let known = this.#senders.get(key);
    if (known === undefined) {
      const sender = new SyslogSender(formatClient(remote.address, remote.port), '', timezone);
      known = { sender, allowed: origins.allows(senderAddress(sender.client)) };
      this.#senders.set(key, known);
    }
    return known;
  }
}

async function bind(options: UdpListenerOptions): Promise<Socket> {
  const { host, port, descriptor } = options;
  // The address family of a socket that is bound already is its own; the one asked for has no effect.
  if (descriptor !== undefined) return bindSocket('udp6', { fd: descriptor });
  if (host !== undefined) return bindSocket(host.includes(':') ? 'udp6' : 'udp4', { address: host, port });
  try {
    return await bindSocket('udp6', { address: '::', port });
  } catch (error) {
    // A host without IPv6.
    if ((error as NodeJS.ErrnoException).code !== 'EAFNOSUPPORT') throw error;
    return bindSocket('udp4', { address: '0.0.0.0', port });
  }

  async function bindSocket(type: 'udp4' | 'udp6', where: BindOptions): Promise<Socket> {
    const socket = createSocket({ type });
    try {
      socket.bind(where);
      await once(socket, 'listening');
    } catch (error) {
      socket.close();
      throw error;
    }
    try {
      socket.setRecvBufferSize(options.receiveBufferBytes);
    } catch {
      // More than the system allows at all: what it gave is reported and warned about.
    }
    return socket;
  }
}

function grantedBuffer(socket: Socket): number {
  const reported = socket.getRecvBufferSize();
  return process.platform === 'linux' ? reported / LINUX_BUFFER_FACTOR : reported;
}
