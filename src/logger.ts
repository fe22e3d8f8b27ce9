/** Severities of the service's own log, the most severe first. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

const RANK: Record<LogLevel, number> = { error: 0, warn: 1, info: 2, debug: 3 };

export interface LoggerOptions {
  /** Least severity that is written. */
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  /** Where lines go; the default is standard output. */
  readonly write?: (line: string) => void;
}

/** The same warning is written once in this time, in milliseconds ... */
const REPEAT_INTERVAL_MS = 60_000;
/** ... as long as there are no more different ones than this. */
const MAX_REMEMBERED = 100;

/** The service's own log: a line an event, as text for people or as JSON. */
export class Logger {
  readonly #options: LoggerOptions;
  /** When each repeated warning was last written, milliseconds of a clock that is never set. */
  readonly #lastWritten = new Map<string, number>();

  constructor(options: LoggerOptions) {
    this.#options = options;
  }

  error(message: string): void {
    this.#line('error', message);
  }

  warn(message: string): void {
    this.#line('warn', message);
  }

  /** A warning about something that may go on for hours: the same text at most once a minute. */
  warnAtTimes(message: string): void {
    const now = performance.now();
    const last = this.#lastWritten.get(message);
    if (last !== undefined && now - last < REPEAT_INTERVAL_MS) return;
    if (this.#lastWritten.size >= MAX_REMEMBERED) this.#lastWritten.clear();
    this.#lastWritten.set(message, now);
    this.warn(message);
  }

  info(message: string): void {
    this.#line('info', message);
  }

  debug(message: string): void {
    this.#line('debug', message);
  }

  #line(level: LogLevel, message: string): void {
    const { format, write } = this.#options;
    if (RANK[level] > RANK[this.#options.level]) return;
    const time = new Date().toISOString();
    const line = format === 'json' ? JSON.stringify({ time, level, message }) : `${time} ${level} ${oneLine(message)}`;
    if (write === undefined) process.stdout.write(`${line}\n`);
    else write(line);
  }
}

/** Text from a sender must not look like a line of its own. */
function oneLine(message: string): string {
  return message.replace(/[\u0000-\u001f\u007f]/g, (unit) => JSON.stringify(unit).slice(1, -1));
}
