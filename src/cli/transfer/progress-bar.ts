import type { CliIo } from '../cli-io';

/** Shortest time between two drawings, in milliseconds: a terminal over a slow line keeps up. */
const REDRAW_MS = 100;
const BAR_WIDTH = 24;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
/** Back to the first column, and nothing right of it (ECMA-48, section 8.3.41). */
const CLEAR_LINE = '\r\u001b[K';

/**
 * Shows how far a transfer is: on standard error, and only when that is a terminal.
 *
 * @example
 * const bar = new ProgressBar('logs.db', size, io);
 * bar.add(chunk.length);
 * bar.end();
 */
export class ProgressBar {
  readonly #label: string;
  readonly #total: number | undefined;
  readonly #write: ((text: string) => void) | undefined;
  readonly #started = performance.now();
  #bytes = 0;
  #drawnAt = -Infinity;

  /** @param total - bytes there will be, when that is known */
  constructor(label: string, total: number | undefined, io: CliIo) {
    this.#label = label;
    this.#total = total;
    if (io.stderr.isTTY === true) this.#write = (text) => void io.stderr.write(text);
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    const now = performance.now();
    if (this.#write === undefined || now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#write(CLEAR_LINE + this.#line(now));
  }

  /** Takes the line away again: what was done is said by the command. */
  end(): void {
    if (this.#drawnAt !== -Infinity) this.#write?.(CLEAR_LINE);
  }

  #line(now: number): string {
    const seconds = Math.max((now - this.#started) / 1000, REDRAW_MS / 1000);
    const rate = `${formatBytes(this.#bytes / seconds)}/s`;
    if (this.#total === undefined || this.#total === 0) return `${this.#label}  ${formatBytes(this.#bytes)}  ${rate}`;
    const share = Math.min(this.#bytes / this.#total, 1);
    const bar = '#'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    return `${this.#label}  [${bar}]${percent}  ${formatBytes(this.#bytes)} of ${formatBytes(this.#total)}  ${rate}`;
  }
}

/** Bytes in the largest unit that leaves a number from 1, e.g. `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}
