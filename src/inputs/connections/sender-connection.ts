import type { Socket } from 'node:net';
import type { SyslogSender } from '../../syslog';

/** How long a connection that we ended may take to close, in milliseconds; then it is cut. */
const LINGER_MS = 2_000;

/** One connection of a sender that may send: TLS, if any, is established and the sender is known. */
export class SenderConnection {
  #holds = 0;
  #linger: NodeJS.Timeout | undefined;
  #pause: NodeJS.Timeout | undefined;

  constructor(
    readonly socket: Socket,
    readonly sender: SyslogSender,
  ) {}

  get paused(): boolean {
    return this.#holds > 0;
  }

  /** Reads no more until as many calls of {@link resume} have come. */
  pause(): void {
    if (this.#holds++ === 0) this.socket.pause();
  }

  resume(): void {
    if (--this.#holds === 0) this.socket.resume();
  }

  /** Reads nothing for so many milliseconds, so that the sender has to wait. */
  pauseFor(milliseconds: number): void {
    if (this.#pause !== undefined) return;
    this.pause();
    // It may outlive the connection, which does no harm.
    this.#pause = setTimeout(() => this.endPause(), milliseconds).unref();
  }

  /** Goes on reading before {@link pauseFor} is over. */
  endPause(): void {
    if (this.#pause === undefined) return;
    clearTimeout(this.#pause);
    this.#pause = undefined;
    this.resume();
  }

  /** Closes our side, and the whole of it when the sender doesn't close its own. */
  end(): void {
    this.socket.end();
    this.#linger ??= setTimeout(() => this.socket.destroy(), LINGER_MS);
    this.socket.once('close', () => clearTimeout(this.#linger));
  }

  /** Ends it after so many milliseconds without a byte; time while we do not read does not count. */
  endWhenIdle(milliseconds: number): void {
    this.socket.setTimeout(milliseconds, () => {
      if (this.paused) this.socket.setTimeout(milliseconds);
      else this.end();
    });
  }
}
