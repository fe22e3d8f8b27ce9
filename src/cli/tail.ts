import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { ApiError, ConnectionError, pathSegment, type ApiClient } from './api-client';
import { CliError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { createClient } from './client-options';
import { EventStreamParser, type StreamEvent } from './event-stream-parser';
import { printable } from './printable';
import { formatRecord } from './record-format';
import { addRecordOptions, indexingParameter, type RecordOptions } from './record-options';
import { isStoredRecord } from './stored-record';

/** First and longest pause before connecting again, in milliseconds. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface TailOptions extends RecordOptions {
  readonly stream: string;
}

/** What tests replace. */
export interface TailHooks {
  readonly pause: (milliseconds: number, signal: AbortSignal | undefined) => Promise<unknown>;
  readonly signal?: AbortSignal;
}

const DEFAULT_HOOKS: TailHooks = { pause: (milliseconds, signal) => delay(milliseconds, undefined, { signal }) };

export function addTailCommand(program: Command, io: CliIo): void {
  const command = program.command('tail').description('print the records of a stream as they arrive');
  addRecordOptions(command.option('--stream <name>', 'the stream', 'default')).action((options: TailOptions) =>
    tail(options, io),
  );
}

/**
 * Follows a stream until the hooks' signal. A connection that breaks is made again, after growing pauses, and goes on
 * after the last record that was printed; only the first connection has to work at once.
 *
 * @throws ApiError when the server refuses for good; ConnectionError when it cannot be reached in the first place;
 *   CliError when it ends the stream with an error
 */
export async function tail(options: TailOptions, io: CliIo, hooks: TailHooks = DEFAULT_HOOKS): Promise<void> {
  const session = new TailSession(createClient(options, io), options, io, hooks.signal);
  let pause = FIRST_PAUSE_MS;
  const stopped = (): boolean => hooks.signal?.aborted === true;
  while (!stopped()) {
    let reason = 'the server ended the connection';
    const before = session.connections;
    try {
      await session.follow();
    } catch (error) {
      if (stopped()) return;
      if (session.connections === 0 || !canRetry(error)) throw error;
      reason = error.message;
    }
    if (session.connections > before) pause = FIRST_PAUSE_MS;
    // Half of it at random, so that many clients do not come back to a restarted server in step.
    const wait = Math.round(pause * (0.5 + Math.random() / 2));
    await print(io.stderr, `${reason}; connecting again in ${(wait / 1000).toFixed(1)} s\n`);
    await hooks.pause(wait, hooks.signal).catch(() => undefined);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

function canRetry(error: unknown): error is ApiError | ConnectionError {
  return error instanceof ConnectionError || (error instanceof ApiError && error.temporary);
}

/** What outlives one connection. */
class TailSession {
  /** How many connections were made. */
  connections = 0;
  #lastEventId = '';
  readonly #client: ApiClient;
  readonly #options: TailOptions;
  readonly #io: CliIo;
  readonly #signal: AbortSignal | undefined;

  constructor(client: ApiClient, options: TailOptions, io: CliIo, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#options = options;
    this.#io = io;
    this.#signal = signal;
  }

  /** Prints what one connection brings; returns when the server ends it. */
  async follow(): Promise<void> {
    const parser = new EventStreamParser();
    const chunks = this.#client.stream(`/streams/${pathSegment(this.#options.stream)}/logs/watch`, {
      query: { filter: this.#options.filter, indexing: indexingParameter(this.#options.index) },
      headers: {
        Accept: 'text/event-stream',
        ...(this.#lastEventId === '' ? {} : { 'Last-Event-ID': this.#lastEventId }),
      },
      signal: this.#signal,
    });
    let connected = false;
    for await (const chunk of chunks) {
      if (!connected) this.connections++;
      connected = true;
      for (const event of parser.push(chunk)) await this.#show(event);
    }
  }

  async #show(event: StreamEvent): Promise<void> {
    if (event.type === 'error') throw new CliError(`the server ended the stream: ${printable(event.data)}`);
    if (event.type === 'skipped') {
      await print(this.#io.stderr, `this reader was too slow and missed records: ${printable(event.data)}\n`);
    } else if (event.type === 'log') {
      await print(this.#io.stdout, `${formatRecord(parseRecord(event.data), this.#options.output)}\n`);
    }
    if (event.id !== '') this.#lastEventId = event.id;
  }
}

function parseRecord(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (!isStoredRecord(value)) throw new CliError('the server sent something that is not a record');
  return value;
}
