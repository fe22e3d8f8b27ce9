import { spawn } from 'node:child_process';
import { write } from 'node:fs';

/** Part of systemd itself, so it is there wherever systemd waits for messages. */
const PROGRAM = 'systemd-notify';

/** Tells the service manager one thing: the assignments of sd_notify(3), such as `READY=1`, in one message. */
export type Send = (assignments: readonly string[]) => Promise<void>;

export interface NotifierOptions {
  readonly send: Send;
  /** Told when the service manager could not be told. */
  readonly warn: (message: string) => void;
}

/**
 * Tells the service manager the state of the service (sd_notify(3)); each message is delivered before the next is sent.
 *
 * @example
 * const notifier = notifierFor(process.env, warn); // undefined unless a service manager waits
 * notifier?.ready('is ready');
 */
export class Notifier {
  readonly #options: NotifierOptions;
  #last: Promise<void> = Promise.resolve();

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  /** The service takes in records. */
  ready(status: string): void {
    this.#tell(['READY=1', `STATUS=${status}`]);
  }

  /** The service reads its settings again; `ready` ends that. */
  reloading(): void {
    this.#tell(['RELOADING=1', `MONOTONIC_USEC=${monotonicMicroseconds()}`, 'STATUS=reloading']);
  }

  stopping(): void {
    this.#tell(['STOPPING=1', 'STATUS=stopping']);
  }

  /** A sign of life. */
  alive(): void {
    this.#tell(['WATCHDOG=1']);
  }

  /** Resolves when everything told so far has been delivered or has failed. */
  delivered(): Promise<void> {
    return this.#last;
  }

  #tell(assignments: readonly string[]): void {
    const { send, warn } = this.#options;
    this.#last = this.#last
      .then(() => send(assignments))
      .catch((error: unknown) => {
        warn(`the service manager could not be told ${String(assignments[0])}: ${String(error)}`);
      });
  }
}

/**
 * A notifier when the environment says how to reach the service manager, else undefined: `NOTIFY_DESCRIPTOR` is a descriptor
 * that systemd/notify-exec opened, `NOTIFY_SOCKET` the socket itself.
 */
export function notifierFor(
  env: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): Notifier | undefined {
  const { NOTIFY_DESCRIPTOR: descriptor, NOTIFY_SOCKET: socket, PATH: path } = env;
  if (descriptor !== undefined && /^\d+$/.test(descriptor)) {
    return new Notifier({ warn, send: (assignments) => writeMessage(Number(descriptor), assignments) });
  }
  if (socket === undefined || socket === '') return undefined;
  const programEnv = { NOTIFY_SOCKET: socket, PATH: path };
  return new Notifier({ warn, send: (assignments) => sendWithProgram(assignments, programEnv) });
}

/** One write to a connected datagram socket is one message. */
function writeMessage(descriptor: number, assignments: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    write(descriptor, assignments.join('\n'), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

/**
 * Node.js has no datagram sockets in the file system, so systemd's own program sends the message. It ends once the service
 * manager has taken the message. The unit needs `NotifyAccess=all`, as the sender is a child of the main process.
 */
function sendWithProgram(assignments: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, assignments, { env, stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${PROGRAM} ended with ${String(code ?? signal)}`));
    });
  });
}

/** The clock that `MONOTONIC_USEC` is on: CLOCK_MONOTONIC, in microseconds. */
function monotonicMicroseconds(): bigint {
  return process.hrtime.bigint() / 1000n;
}
