import { SyslogFramer, type SyslogSender } from '../../syslog';
import { ConnectionServer, type ConnectionOptions } from '../connections/connection-server';
import type { SenderConnection } from '../connections/sender-connection';
import { InputCounters, type RunningInput } from '../input';
import { RateLimiter } from '../rate-limit';
import { RateLimitedWarning } from '../rate-limited-warning';
import { BackPressureGate } from './back-pressure-gate';
import type { SyslogListenerOptions } from './listener-options';
import { SyslogIntake } from './syslog-intake';

export type TcpListenerOptions = SyslogListenerOptions & ConnectionOptions;

/** A stopping listener has read everything that was under way when nothing has come for so long, in milliseconds. */
const QUIET_MS = 200;

/** Syslog over TCP (RFC 6587) and TLS (RFC 5425). */
export class TcpListener implements RunningInput {
  readonly name: string;
  readonly counters = new InputCounters();
  readonly #options: TcpListenerOptions;
  readonly #server: ConnectionServer;
  readonly #intake: SyslogIntake;
  readonly #gate: BackPressureGate;
  readonly #warning: RateLimitedWarning;
  readonly #limiter: RateLimiter | undefined;
  #stopping = false;
  #lastData = 0;

  private constructor(options: TcpListenerOptions) {
    this.name = options.name;
    this.#options = options;
    const { counters } = this;
    this.#intake = new SyslogIntake({ ...options, counters });
    this.#warning = new RateLimitedWarning(options.warn);
    this.#limiter = RateLimiter.of(options.name, options.rateLimit, options.warn);
    this.#server = new ConnectionServer(options, {
      counters,
      warning: this.#warning,
      onConnection: (connection) => this.#serve(connection),
    });
    // Senders wait in their own buffers until the store has room.
    this.#gate = new BackPressureGate(options.ingest, this.#intake, (closed) =>
      this.#server.hold(closed && !this.#stopping),
    );
  }

  /** @throws NodeJS.ErrnoException when the address cannot be bound */
  static async start(options: TcpListenerOptions): Promise<TcpListener> {
    const listener = new TcpListener(options);
    await listener.#server.listen();
    return listener;
  }

  get address(): string {
    return this.#server.address;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#lastData = Date.now();
    const { connections } = this.#server;
    this.#server.stopAccepting();
    // Our side is closed, so that senders stop; what they have sent already is read to the end.
    this.#server.hold(false);
    this.#limiter?.close();
    for (const connection of connections) {
      connection.endPause();
      connection.socket.end();
    }
    const deadline = Date.now() + this.#options.drainTimeoutMs;
    while (connections.size > 0 && Date.now() < deadline && Date.now() - this.#lastData < QUIET_MS) {
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 4));
    }
    await this.#server.close();
    await this.#intake.finish(Math.max(0, deadline - Date.now()));
  }

  #serve(connection: SenderConnection): void {
    const { socket, sender } = connection;
    const { maxMessageBytes, oversize } = this.#options;
    const framer = new SyslogFramer({ maxMessageBytes, oversize });
    socket.on('data', (chunk: Buffer) => {
      this.counters.bytes += chunk.length;
      if (this.#stopping) this.#lastData = Date.now();
      framer.push(chunk);
      const messages = this.#take(framer, sender);
      if (this.#limiter !== undefined && !this.#stopping) {
        const pause = this.#limiter.pauseAfter(sender.hostname, messages, chunk.length, Date.now());
        if (pause > 0) connection.pauseFor(pause);
      }
    });
    socket.on('close', () => {
      framer.finish();
      this.#take(framer, sender);
    });
  }

  /** @returns how many messages there were */
  #take(framer: SyslogFramer, sender: SyslogSender): number {
    const arrival = Date.now();
    const rejectedBefore = framer.rejected;
    let messages = 0;
    while (framer.next()) {
      this.#intake.add(framer, arrival, sender);
      messages++;
    }
    const rejected = framer.rejected - rejectedBefore;
    if (rejected > 0) {
      this.counters.drop(sender.hostname, 'oversize', rejected, arrival);
      this.#warning.write('oversize', `${this.name}: a message from ${sender.hostname} was longer than allowed`);
    }
    this.#gate.check();
    return messages + rejected;
  }
}
