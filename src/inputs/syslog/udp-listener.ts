import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { formatClient, senderAddress, SyslogFramer, SyslogSender } from '../../syslog';
import { InputCounters, type RunningInput } from '../input';
import { RateLimiter } from '../rate-limit';
import { RateLimitedWarning } from '../rate-limited-warning';
import { BackPressureGate } from './back-pressure-gate';
import { PackReader, type DatagramPack } from './datagram-pack';
import { kernelDrops } from './kernel-drops';
import type { SyslogListenerOptions } from './listener-options';
import { SyslogIntake } from './syslog-intake';
import type { FromReceiver, NewSender, ToReceiver, UdpReceiverSettings } from './udp-messages';

export interface UdpListenerOptions extends SyslogListenerOptions {
  /** Kernel buffer asked for, in bytes; Linux grants at most net.core.rmem_max. */
  readonly receiveBufferBytes: number;
}

/** How often the kernel's drop counter is read, in milliseconds. */
const DROPS_INTERVAL_MS = 5_000;
/** Pause before a receiving thread that ended by itself is started again, in milliseconds. */
const RESTART_PAUSE_MS = 500;
/** Largest JavaScript heap of the receiving thread, in MB; packs are outside of it. */
const MAX_HEAP_MB = 64;
const YOUNG_GENERATION_MB = 8;

interface KnownSender {
  readonly sender: SyslogSender;
  readonly allowed: boolean;
}

type PackMessage = Extract<FromReceiver, { kind: 'pack' }>;

/**
 * Syslog over UDP (RFC 5426). A thread of its own empties the socket (`udp-receiver.ts`) and hands over packs of raw
 * datagrams; here they are parsed, as long as the store has room.
 */
export class UdpListener implements RunningInput {
  readonly name: string;
  readonly counters = new InputCounters();
  /** Receive buffer that was asked for, in bytes. */
  readonly requestedBufferBytes: number;
  /** What the kernel granted of it, in bytes. */
  receiveBufferBytes = 0;
  /** Datagrams that the kernel dropped because the buffer was full; undefined where the system does not tell. */
  kernelDropped: number | undefined;
  readonly #options: UdpListenerOptions;
  readonly #intake: SyslogIntake;
  readonly #gate: BackPressureGate;
  /** Separates the lines of each datagram. */
  readonly #framer: SyslogFramer;
  readonly #warning: RateLimitedWarning;
  readonly #limiter: RateLimiter | undefined;
  readonly #dropsTimer: NodeJS.Timeout;
  #worker: Worker | undefined;
  #restart: NodeJS.Timeout | undefined;
  #host = '';
  #port = 0;
  /** What waits to be parsed. */
  readonly #waiting: PackMessage[] = [];
  #scheduled = false;
  #senderAddresses: NewSender[] = [];
  #senders: (KnownSender | undefined)[] = [];
  #originsVersion = 0;
  #stopping = false;
  #onParsed: (() => void) | undefined;
  #onStopped: (() => void) | undefined;
  /** What was dropped in a receiving thread, as it reported last. */
  #dropped = { datagrams: 0, bytes: 0 };

  private constructor(options: UdpListenerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#intake = new SyslogIntake({ ...options, counters: this.counters });
    this.#gate = new BackPressureGate(options.ingest, this.#intake, (closed) => {
      if (!closed) this.#schedule();
    });
    this.#framer = new SyslogFramer({ maxMessageBytes: options.maxMessageBytes, oversize: options.oversize });
    this.#warning = new RateLimitedWarning(options.warn);
    this.#limiter = RateLimiter.of(options.name, options.rateLimit, options.warn);
    this.requestedBufferBytes = options.receiveBufferBytes;
    this.#dropsTimer = setInterval(() => void this.readKernelDrops(), DROPS_INTERVAL_MS);
    this.#dropsTimer.unref();
  }

  /** @throws NodeJS.ErrnoException when the address cannot be bound */
  static async start(options: UdpListenerOptions): Promise<UdpListener> {
    const listener = new UdpListener(options);
    try {
      await listener.#startReceiver(options.port);
    } catch (error) {
      clearInterval(listener.#dropsTimer);
      throw error;
    }
    if (listener.receiveBufferBytes < options.receiveBufferBytes) {
      options.warn(
        `${options.name}: the kernel gave a receive buffer of ${listener.receiveBufferBytes} bytes instead of ` +
          `${options.receiveBufferBytes}; raise it with: sysctl -w net.core.rmem_max=${options.receiveBufferBytes}`,
      );
    }
    await listener.readKernelDrops();
    return listener;
  }

  get address(): string {
    return formatClient(this.#host, this.#port);
  }

  /** Reads the kernel's drop counter and warns when it has risen. */
  async readKernelDrops(): Promise<void> {
    const drops = await kernelDrops(this.#port).catch(() => undefined);
    const before = this.kernelDropped ?? 0;
    this.kernelDropped = drops;
    if (drops === undefined || drops <= before) return;
    this.#warning.write(
      'kernel',
      `${this.name}: the kernel dropped ${drops - before} datagrams because the receive buffer ` +
        `(${this.receiveBufferBytes} bytes) was full; a larger one: sysctl -w net.core.rmem_max=… and receive_buffer`,
    );
  }

  /** What had arrived when this was called is read to its end and stored. */
  async stop(): Promise<void> {
    const deadline = Date.now() + this.#options.drainTimeoutMs;
    clearInterval(this.#dropsTimer);
    this.#limiter?.close();
    clearTimeout(this.#restart);
    await this.readKernelDrops();
    this.#stopping = true;
    if (this.#worker !== undefined) {
      const stopped = new Promise<void>((resolve) => (this.#onStopped = resolve));
      this.#post({ kind: 'stop' });
      await stopped;
    }
    await this.#parseRest(deadline);
    await this.#intake.finish(Math.max(0, deadline - Date.now()));
  }

  async #startReceiver(port: number): Promise<void> {
    const { host, descriptor, receiveBufferBytes } = this.#options;
    const worker = new Worker(path.join(__dirname, 'udp-receiver.js'), {
      workerData: { host, port, descriptor, receiveBufferBytes } satisfies UdpReceiverSettings,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    let failure: Error | undefined;
    worker.on('error', (error) => (failure = error));
    await new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromReceiver) => {
        if (message.kind === 'listening') {
          this.#listening(worker, message);
          resolve();
        } else if (message.kind === 'failed') {
          reject(Object.assign(new Error(message.message), { code: message.code }));
        } else {
          this.#onMessage(message);
        }
      });
      worker.on('exit', () => {
        reject(failure ?? new Error('the receiving thread ended'));
        if (this.#worker === worker) this.#onExit(failure);
      });
    });
  }

  #listening(worker: Worker, message: Extract<FromReceiver, { kind: 'listening' }>): void {
    this.#worker = worker;
    this.#host = message.address;
    this.#port = message.port;
    this.receiveBufferBytes = message.receiveBufferBytes;
    this.#dropped = { datagrams: 0, bytes: 0 };
  }

  #onMessage(message: FromReceiver): void {
    switch (message.kind) {
      case 'pack':
        this.#waiting.push(message);
        this.#schedule();
        break;
      case 'dropped':
        this.#countDropped(message.datagrams, message.bytes);
        break;
      case 'problem':
        this.#warning.write('socket', `${this.name}: ${message.message}`);
        break;
      case 'stopped':
        this.#onStopped?.();
        break;
    }
  }

  #onExit(failure: Error | undefined): void {
    this.#worker = undefined;
    this.#onStopped?.();
    if (this.#stopping) return;
    this.#options.warn(`${this.name}: the receiving thread ended, it is started again: ${failure?.message ?? ''}`);
    this.#restart = setTimeout(() => {
      this.#startReceiver(this.#port).catch((error: unknown) => this.#onExit(error as Error));
    }, RESTART_PAUSE_MS);
  }

  #countDropped(datagrams: number, bytes: number): void {
    const { counters } = this;
    const more = datagrams - this.#dropped.datagrams;
    counters.received += more;
    counters.dropped.back_pressure += more;
    counters.bytes += bytes - this.#dropped.bytes;
    this.#dropped = { datagrams, bytes };
    this.#warning.write('back_pressure', `${this.name}: the store cannot keep up, ${more} datagrams were dropped`);
  }

  /** One pack a turn of the event loop, so that others get theirs. */
  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#gate.check()) return;
      this.#parseNext();
      this.#schedule();
      if (this.#waiting.length === 0) this.#onParsed?.();
    });
  }

  #parseNext(): void {
    const message = this.#waiting.shift();
    if (message === undefined) return;
    this.#parse(message);
    const { buffer } = message.pack;
    this.#post({ kind: 'return', buffer }, [buffer]);
  }

  /** Waits until all packs are parsed; what the store has no room for in time is given up and counted. */
  async #parseRest(deadline: number): Promise<void> {
    if (this.#waiting.length === 0) return;
    let timeout: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#onParsed = resolve;
      timeout = setTimeout(resolve, Math.max(0, deadline - Date.now()));
      this.#schedule();
    });
    clearTimeout(timeout);
    for (const { pack } of this.#waiting.splice(0)) this.#giveUp(pack);
  }

  #giveUp(pack: DatagramPack): void {
    const reader = new PackReader(pack);
    while (reader.next()) {
      this.counters.received++;
      this.counters.bytes += reader.datagram.length;
      this.counters.dropped.shutdown++;
    }
  }

  #parse({ pack, resetSenders, newSenders }: PackMessage): void {
    if (resetSenders) {
      this.#senderAddresses = [];
      this.#senders = [];
    }
    for (const sender of newSenders) this.#senderAddresses.push(sender);
    const framer = this.#framer;
    const reader = new PackReader(pack);
    while (reader.next()) {
      this.counters.bytes += reader.datagram.length;
      const { sender, allowed } = this.#senderOf(reader.sender);
      if (!allowed) {
        this.counters.drop(sender.hostname, 'origin', 1, reader.arrival);
        this.#warning.write('origin', `${this.name}: refused a datagram from ${sender.hostname}`);
        continue;
      }
      const rejectedBefore = framer.rejected;
      framer.pushDatagram(reader.datagram);
      while (framer.next()) {
        if (this.#limiter?.admits(sender.hostname, framer, reader.arrival) === false) {
          this.counters.drop(sender.hostname, 'rate_limit', 1, reader.arrival);
        } else {
          this.#intake.add(framer, reader.arrival, sender);
        }
      }
      if (framer.rejected > rejectedBefore) {
        this.#countRejected(framer.rejected - rejectedBefore, sender, reader.arrival);
      }
    }
  }

  #countRejected(rejected: number, sender: SyslogSender, arrival: number): void {
    this.counters.drop(sender.hostname, 'oversize', rejected, arrival);
    this.#warning.write('oversize', `${this.name}: a message from ${sender.hostname} was longer than allowed`);
  }

  #senderOf(index: number): KnownSender {
    const { origins, zones } = this.#options;
    if (this.#originsVersion !== origins.version) {
      this.#originsVersion = origins.version;
      this.#senders = [];
    }
    let known = this.#senders[index];
    if (known === undefined) {
      const { address, port } = this.#senderAddresses[index] as NewSender;
      const client = formatClient(address, port);
      const hostname = senderAddress(client);
      const sender = new SyslogSender(client, '', zones.zoneOf(hostname));
      known = { sender, allowed: origins.allows(hostname) };
      this.#senders[index] = known;
    }
    return known;
  }

  #post(message: ToReceiver, transfer: ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }
}
