import type { OnSettled } from '../batch-submitter';
import { ConnectionServer, type ConnectionOptions } from '../connections/connection-server';
import type { SenderConnection } from '../connections/sender-connection';
import { InputCounters, type RunningInput } from '../input';
import { RateLimiter } from '../rate-limit';
import { RateLimitedWarning } from '../rate-limited-warning';
import { BackPressureGate } from '../syslog/back-pressure-gate';
import type { SyslogListenerOptions } from '../syslog/listener-options';
import { SyslogIntake } from '../syslog/syslog-intake';
import { RelpFramer, RelpProtocolError } from './relp-framer';
import { RelpSession } from './relp-session';

export type RelpListenerOptions = SyslogListenerOptions & ConnectionOptions;

/** Pause between looks at connections that are about to close, in milliseconds. */
const CLOSE_POLL_MS = 20;

/**
 * Syslog over RELP, the protocol of rsyslog's omrelp: each message is acknowledged once it is durable, so a sender loses
 * nothing over a restart of the service. What was stored and not yet acknowledged then arrives a second time.
 */
export class RelpListener implements RunningInput {
  readonly name: string;
  readonly counters = new InputCounters();
  readonly #options: RelpListenerOptions;
  readonly #server: ConnectionServer;
  readonly #intake: SyslogIntake;
  readonly #gate: BackPressureGate;
  readonly #warning: RateLimitedWarning;
  readonly #limiter: RateLimiter | undefined;
  readonly #sessions = new Set<RelpSession>();
  /** Sessions with messages in the batch that is being gathered. */
  #gathering: RelpSession[] = [];

  private constructor(options: RelpListenerOptions) {
    this.name = options.name;
    this.#options = options;
    const { counters } = this;
    this.#intake = new SyslogIntake({ ...options, counters, onFlush: () => this.#onFlush() });
    this.#warning = new RateLimitedWarning(options.warn);
    this.#limiter = RateLimiter.of(options.name, options.rateLimit, options.warn);
    this.#server = new ConnectionServer(options, {
      counters,
      warning: this.#warning,
      onConnection: (connection) => this.#serve(connection),
    });
    this.#gate = new BackPressureGate(options.ingest, this.#intake, (closed) => this.#server.hold(closed));
  }

  /** @throws NodeJS.ErrnoException when the address cannot be bound */
  static async start(options: RelpListenerOptions): Promise<RelpListener> {
    const listener = new RelpListener(options);
    await listener.#server.listen();
    return listener;
  }

  get address(): string {
    return this.#server.address;
  }

  /** What was read is stored and acknowledged; what was not stays with the senders. */
  async stop(): Promise<void> {
    const deadline = Date.now() + this.#options.drainTimeoutMs;
    this.#server.stopAccepting();
    this.#server.hold(true);
    this.#limiter?.close();
    await this.#intake.finish(this.#options.drainTimeoutMs);
    for (const session of this.#sessions) session.closeFromHere();
    // Held sockets would not notice that their senders close.
    for (const { socket } of this.#server.connections) socket.removeAllListeners('data').resume();
    while (this.#sessions.size > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, CLOSE_POLL_MS));
    }
    await this.#server.close();
  }

  #serve(connection: SenderConnection): void {
    const { socket, sender } = connection;
    const session = new RelpSession(connection);
    const framer = new RelpFramer(this.#options);
    this.#sessions.add(session);
    socket.on('data', (chunk: Buffer) => {
      this.counters.bytes += chunk.length;
      let messages = 0;
      try {
        framer.push(chunk);
        while (framer.next()) {
          this.#take(session, framer);
          if (framer.last) messages++;
        }
      } catch (error) {
        if (!(error instanceof RelpProtocolError)) throw error;
        this.counters.drop(sender.hostname, 'malformed', 1, Date.now());
        this.#warning.write('protocol', `${this.name}: ${error.message}: connection of ${sender.hostname} closed`);
        socket.destroy();
      }
      const pause = this.#limiter?.pauseAfter(sender.hostname, messages, chunk.length, Date.now()) ?? 0;
      if (pause > 0) connection.pauseFor(pause);
      this.#gate.check();
    });
    socket.on('close', () => this.#sessions.delete(session));
  }

  #take(session: RelpSession, framer: RelpFramer): void {
    const { command, transaction } = framer;
    if (command === 'syslog' && session.opened) {
      this.#takeMessage(session, framer);
    } else if (command === 'open' && !session.opened) {
      session.open(transaction, framer.text);
    } else if (command === 'close') {
      session.close(transaction);
    } else {
      throw new RelpProtocolError(`the command ${JSON.stringify(command)} is not expected here`);
    }
  }

  #takeMessage(session: RelpSession, framer: RelpFramer): void {
    const { sender } = session.connection;
    if (framer.rejected) {
      // Any answer but 200 loses the message too and brings senders out of step.
      this.counters.drop(sender.hostname, 'oversize', 1, Date.now());
      this.#warning.write('oversize', `${this.name}: a message from ${sender.hostname} was longer than allowed`);
    } else if (framer.end > framer.start) {
      this.#intake.addPart(framer, Date.now(), sender);
    }
    // All pieces of a message and its acknowledgement belong to one batch.
    if (!framer.last) return;
    if (session.gather(framer.transaction)) this.#gathering.push(session);
    this.#intake.flushWhenDue();
  }

  #onFlush(): OnSettled {
    const waiting = this.#gathering.map((session) => ({ session, acknowledgements: session.take() }));
    this.#gathering = [];
    return (stored) => {
      for (const { session, acknowledgements } of waiting) session.settle(acknowledgements, stored);
    };
  }
}
