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

/** The service's own log: a line an event, as text for people or as JSON. */
export class Logger {
  readonly #options: LoggerOptions;

  constructor(options: LoggerOptions) {
    this.#options = options;
  }

  error(message: string): void {
    this.#line('error', message);
  }

  warn(message: string): void {
    this.#line('warn', message);
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
