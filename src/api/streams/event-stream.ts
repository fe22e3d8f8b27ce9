import { once } from 'node:events';
import type { Response } from 'express';

/** Proxies close connections on which nothing happens, often after 30 or 60 seconds. */
const KEEPALIVE_MS = 15_000;

/** What may wait for a reader: some thousand records, such as one large batch. */
const MAX_WAITING_BYTES = 2 * 1024 * 1024;

const HEADERS = [
  ['Content-Type', 'text/event-stream'],
  ['Cache-Control', 'no-cache'],
  ['Connection', 'keep-alive'],
  // Without it nginx keeps events back until its buffer is full.
  ['X-Accel-Buffering', 'no'],
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Expose-Headers', 'Content-Type'],
] as const;

/**
 * An answer of server-sent events (WHATWG HTML, section 9.2). A reader that is too slow misses events and is told how many as
 * soon as it reads again; nothing waits for it.
 */
export class EventStream {
  readonly #response: Response;
  readonly #keepalive: NodeJS.Timeout;
  #skipped = 0;

  constructor(response: Response) {
    this.#response = response;
    response.status(200);
    // Not by Express, which would add a charset that the format does not have.
    for (const [name, value] of HEADERS) response.setHeader(name, value);
    response.flushHeaders();
    this.#keepalive = setInterval(() => this.#write(': keepalive\n\n'), KEEPALIVE_MS);
    response.on('drain', () => this.#reportSkipped());
    response.on('close', () => clearInterval(this.#keepalive));
  }

  get closed(): boolean {
    return this.#response.closed || this.#response.writableEnded;
  }

  /** True while the reader is behind so far that events should be skipped. */
  get full(): boolean {
    return this.#skipped > 0 || this.#response.writableLength > MAX_WAITING_BYTES;
  }

  /** Sends complete events. Ask {@link full} first: what nobody reads waits in memory. */
  send(text: string): void {
    this.#write(text);
  }

  /** Counts events that the reader will not get. */
  skip(events: number): void {
    this.#skipped += events;
  }

  /** Sends complete events and skips none: resolves when there is room for more, rejects when the signal says to give up. */
  async sendAll(text: string, signal: AbortSignal): Promise<void> {
    if (text !== '') this.#write(text);
    if (this.#response.writableNeedDrain) await once(this.#response, 'drain', { signal });
  }

  /** Ends the answer, with an event `error` when something went wrong. */
  end(error?: string): void {
    clearInterval(this.#keepalive);
    if (this.closed) return;
    this.#response.end(error === undefined ? '' : `event: error\ndata: ${error.replaceAll(/[\r\n]+/g, ' ')}\n\n`);
  }

  #reportSkipped(): void {
    if (this.#skipped === 0) return;
    const count = this.#skipped;
    this.#skipped = 0;
    this.#write(`event: skipped\ndata: {"count":${count}}\n\n`);
  }

  #write(text: string): void {
    if (!this.closed) this.#response.write(text);
  }
}
