import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Harness } from './harness';

export interface ServerSentEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data?: string;
  /** The text behind the colon, for comments. */
  readonly comment?: string;
}

/** A client of server-sent events that can stop reading. */
export class EventReader {
  readonly response: IncomingMessage;
  readonly events: ServerSentEvent[] = [];
  ended = false;
  readonly #request: ClientRequest;
  #text = '';
  #waiting: (() => void)[] = [];

  private constructor(request: ClientRequest, response: IncomingMessage) {
    this.#request = request;
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => this.#take(chunk));
    response.on('error', () => {});
    response.on('close', () => {
      this.ended = true;
      this.#wake();
    });
  }

  /** Resolves as soon as the headers are there. */
  static open(harness: Harness, target: string, headers: Readonly<Record<string, string>> = {}): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        port: harness.port,
        host: '127.0.0.1',
        path: `/api/v1${target}`,
        headers: { Authorization: `Bearer ${harness.adminToken}`, ...headers },
        agent: false,
      });
      request.on('response', (response) => resolve(new EventReader(request, response)));
      request.on('error', reject);
      request.end();
    });
  }

  /** Resolves when so many events are there. */
  async until(count: number): Promise<ServerSentEvent[]> {
    return this.untilTrue(() => this.events.length >= count);
  }

  async untilTrue(done: () => boolean): Promise<ServerSentEvent[]> {
    while (!done()) {
      if (this.ended) throw new Error(`the stream ended after ${this.events.length} events`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.events;
  }

  /** Resolves when the server has ended the stream. */
  async untilEnd(): Promise<ServerSentEvent[]> {
    while (!this.ended) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.events;
  }

  close(): void {
    this.#request.destroy();
  }

  #take(chunk: string): void {
    this.#text += chunk;
    const blocks = this.#text.split('\n\n');
    this.#text = blocks.pop() ?? '';
    for (const block of blocks) this.events.push(parseEvent(block));
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function parseEvent(block: string): ServerSentEvent {
  const event: { id?: string; event?: string; data?: string; comment?: string } = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).replace(/^ /, '');
    const name = line.slice(0, colon);
    if (name === '') event.comment = value;
    else if (name === 'id' || name === 'event' || name === 'data') event[name] = value;
  }
  return event;
}
