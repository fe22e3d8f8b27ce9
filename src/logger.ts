/** Severities of the service's own log, the most severe first. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

const RANK: Record<LogLevel, number> = { error: 0, warn: 1, info: 2, debug: 3 };

/** The journal's name for each: syslog severities in angle brackets, see sd-daemon(3). */
const JOURNAL_PRIORITY: Record<LogLevel, string> = { error: '<3>', warn: '<4>', info: '<6>', debug: '<7>' };

export interface LoggerOptions {
  /** Least severity that is written. */
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  /** Where lines go; the default is standard output. */
  readonly write?: (line: string) => void;
  /** Lines go to the journal: each begins with its priority, which the journal takes off again. */
  readonly journal?: boolean;
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

  /** Least severity that is written. */
  level: LogLevel;
  /** Told about each warning and error that is written. */
  onSevere: ((level: 'error' | 'warn', message: string) => void) | undefined;

  constructor(options: LoggerOptions) {
    this.#options = options;
    this.level = options.level;
  }

  /** Lines go to the journal, which keeps them: no place for a secret. */
  get isKept(): boolean {
    return this.#options.journal === true;
  }

  error(message: string): void {
    this.#line('error', message);
    this.onSevere?.('error', message);
  }

  warn(message: string): void {
    this.#line('warn', message);
    if (RANK[this.level] >= RANK.warn) this.onSevere?.('warn', message);
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
    const { format, write, journal } = this.#options;
    if (RANK[level] > RANK[this.level]) return;
    const time = new Date().toISOString();
    const text = format === 'json' ? JSON.stringify({ time, level, message }) : `${time} ${level} ${oneLine(message)}`;
    const line = journal === true ? JOURNAL_PRIORITY[level] + text : text;
    if (write === undefined) process.stdout.write(`${line}\n`);
    else write(line);
  }
}

/** Text from a sender must not look like a line of its own. */
function oneLine(message: string): string {
  return message.replace(/[\u0000-\u001f\u007f]/g, (unit) => JSON.stringify(unit).slice(1, -1));
}
