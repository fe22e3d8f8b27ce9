import { randomUUID } from 'node:crypto';
import { RecordBatch, type RecordFields } from '../record';
import type { DeadLetter, DeadLetterChoice, DeadLetterPage, DeliveryQueue, QueueLimit } from '../storage/queue';
import { attempt, reasonOf } from './delivery/attempt';
import { noFigures, type DeliveryFigures } from './delivery/delivery-figures';
import { DeliveryRunner } from './delivery/delivery-runner';
import { DELIVERY_DEFAULTS } from './delivery/delivery-settings';
import type { DeliveryIds, Destination } from './destination';
import type { DestinationPolicy } from './destination-policy';
import { ForwarderError } from './forwarder-error';
import type { ForwarderReader, ValidForwarder } from './forwarder-document';
import type { ForwarderStatus } from './forwarder-status';
import type { DestinationContext } from './forwarder-type';

/** A forwarder as it is stored. */
export interface StoredForwarder {
  readonly name: string;
  /** Its document as text; an error when it could not be read. */
  readonly body: string | Error;
}

export interface ForwarderServiceOptions {
  readonly queue: DeliveryQueue;
  readonly reader: ForwarderReader;
  readonly policy: DestinationPolicy;
  readonly warn: (message: string) => void;
  /** Milliseconds since the Unix epoch; it never jumps, see `steadyClock`. */
  readonly now: () => number;
}

/** How long an attempt that is under way may go on after its forwarder was changed, in milliseconds. */
const CHANGE_GRACE_MS = 2_000;

/** Bytes of a MB of the settings. */
const MIB = 1024 * 1024;

/** A forwarder that is there, available or not. */
interface Forwarder {
  readonly body: string | Error;
  readonly content: ValidForwarder | Error;
  readonly limit: QueueLimit;
  runner: DeliveryRunner | undefined;
}

/**
 * All forwarders: takes records for them into durable queues and delivers what is there.
 *
 * Each has a runner of its own, so that none waits for another. One whose document can't be used still takes records: they wait.
 *
 * @example
 * const forwarders = new ForwarderService({ queue, reader, policy, warn, now });
 * await forwarders.refresh([{ name: 'alerts', body: '{"version":2,"config":{"type":"http","url":"http://localhost:8080"}}' }]);
 * await forwarders.append('alerts', batch);
 */
export class ForwarderService {
  readonly reader: ForwarderReader;
  readonly #options: ForwarderServiceOptions;
  readonly #forwarders = new Map<string, Forwarder>();
  readonly #figures = new Map<string, DeliveryFigures>();
  /** Runners on their way out, by forwarder: the next one begins after them. */
  readonly #stopping = new Map<string, Promise<void>>();
  #closed = false;

  constructor(options: ForwarderServiceOptions) {
    this.#options = options;
    this.reader = options.reader;
  }

  /**
   * Takes over the stored forwarders, all at once: starts what is new, stops what is gone, exchanges what has changed. Queues stay.
   *
   * @returns why forwarders are unavailable, by name
   */
  refresh(stored: readonly StoredForwarder[]): Map<string, Error> {
    const unavailable = new Map<string, Error>();
    const names = new Set(stored.map(({ name }) => name));
    for (const name of [...this.#forwarders.keys()]) {
      if (names.has(name)) continue;
      this.#retire(name);
      this.#forwarders.delete(name);
      this.#figures.delete(name);
    }
    for (const { name, body } of stored) {
      const known = this.#forwarders.get(name);
      if (known === undefined || typeof body !== 'string' || known.body !== body) this.#take(name, body);
      const content = this.#forwarders.get(name)?.content;
      if (content instanceof Error) unavailable.set(name, content);
    }
    return unavailable;
  }

  /** Names of all forwarders. */
  get names(): ReadonlySet<string> {
    return new Set(this.#forwarders.keys());
  }

  /**
   * Resolves once the batch is durable in the forwarder's queue. The batch must not be changed afterwards.
   * @throws ForwarderError `UNKNOWN_FORWARDER`; StorageError, `BACK_PRESSURE` among them
   */
  async append(name: string, batch: RecordBatch): Promise<void> {
    const forwarder = this.#find(name);
    const { refused, bytes } = await this.#options.queue.append(name, batch, forwarder.limit);
    if (refused > 0) this.#figuresOf(name).droppedNewest += refused;
    this.#forwarders.get(name)?.runner?.wake(bytes);
  }

  /** Whether {@link append} would be refused because the queue is full: what else a sender's batch goes to can wait, too. */
  isFull(name: string): boolean {
    const limit = this.#forwarders.get(name)?.limit;
    return limit?.whenFull === 'block' && this.#options.queue.stats(name).bytes >= limit.maxBytes;
  }

  /** @throws ForwarderError `UNKNOWN_FORWARDER` */
  status(name: string): ForwarderStatus {
    const { content, runner } = this.#find(name);
    const { queue, now } = this.#options;
    const stats = queue.stats(name);
    return {
      state: content instanceof Error ? 'unavailable' : stats.paused ? 'paused' : 'running',
      unavailableReason: content instanceof Error ? content.message : undefined,
      queue: stats,
      drops: queue.drops(name),
      inFlight: runner?.inFlight ?? 0,
      oldestAgeMs: stats.oldestAt === undefined ? 0 : Math.max(0, now() - stats.oldestAt),
      figures: this.#figuresOf(name),
    };
  }

  /** @throws ForwarderError `UNKNOWN_FORWARDER`; StorageError */
  async setPaused(name: string, paused: boolean): Promise<void> {
    this.#find(name);
    await this.#options.queue.setPaused(name, paused);
    this.#forwarders.get(name)?.runner?.wake();
  }

  /** Sends what waits at once, without lingering or waiting for the next attempt. @throws ForwarderError `UNKNOWN_FORWARDER` */
  flush(name: string): void {
    this.#find(name).runner?.flush();
  }

  /** Whether there are records or dead letters that a forwarder's end would strand. */
  holdsRecords(name: string): boolean {
    const { records, deadLetters } = this.#options.queue.stats(name);
    return records > 0 || deadLetters > 0;
  }

  /** Drops what a forwarder still has to deliver; it need not exist any more. @throws StorageError */
  async dropQueue(name: string, options: { readonly keepDeadLetters: boolean }): Promise<void> {
    const body = this.#forwarders.get(name)?.body;
    this.#retire(name);
    await this.#stopping.get(name);
    await this.#options.queue.drop(name, options);
    if (body !== undefined) this.#take(name, body);
  }

  /** @throws ForwarderError `UNKNOWN_FORWARDER`; StorageError */
  async deadLetters(name: string, afterId: number, limit: number): Promise<DeadLetterPage> {
    this.#find(name);
    return this.#options.queue.deadLetters(name, afterId, limit);
  }

  /** @throws ForwarderError `UNKNOWN_FORWARDER`, `UNKNOWN_DEAD_LETTER`; StorageError */
  async deadLetter(name: string, id: number): Promise<DeadLetter> {
    this.#find(name);
    const letter = await this.#options.queue.deadLetter(name, id);
    if (letter === undefined) throw unknownDeadLetter(id);
    return letter;
  }

  /** Puts dead letters back to the end of the queue, with other fields when there is a replacement; returns how many. */
  async replay(name: string, choice: DeadLetterChoice, replacement?: RecordFields): Promise<number> {
    this.#find(name);
    const count = await this.#options.queue.replay(name, choice, replacement);
    this.#forwarders.get(name)?.runner?.wake();
    if (replacement !== undefined && count === 0) throw unknownDeadLetter(choice[0]);
    return count;
  }

  /** Returns how many there were. */
  async deleteDeadLetters(name: string, choice: DeadLetterChoice): Promise<number> {
    this.#find(name);
    return this.#options.queue.deleteDeadLetters(name, choice);
  }

  /**
   * Sends one record, past the queue, and waits for the answer.
   * @throws ForwarderError `UNKNOWN_FORWARDER`, `UNAVAILABLE_FORWARDER`, `DELIVERY_FAILED` with the destination's own words
   */
  async test(name: string, fields: RecordFields): Promise<void> {
    const { delivery } = this.#available(name);
    const batch = RecordBatch.from([{ timestamp: Date.now(), fields }]);
    await this.#withDestination(name, async (destination) => {
      const result = await attempt(destination, batch, idsOfTest(), delivery.timeout_ms, new AbortController().signal);
      const refusal = result.kind === 'answered' ? (result.refused[0] ?? result.retry[0]) : result;
      if (refusal !== undefined) throw new ForwarderError('DELIVERY_FAILED', refusal.reason);
      if (result.kind === 'answered' && result.warning !== undefined) {
        throw new ForwarderError('DELIVERY_FAILED', result.warning);
      }
    });
  }

  /**
   * What a record would become.
   * @throws ForwarderError `UNKNOWN_FORWARDER`, `UNAVAILABLE_FORWARDER`, `NO_PREVIEW`, `DELIVERY_FAILED`
   */
  async preview(name: string, fields: RecordFields): Promise<unknown> {
    const { type } = this.#available(name);
    const batch = RecordBatch.from([{ timestamp: Date.now(), fields }]);
    return this.#withDestination(name, async (destination) => {
      if (destination.preview === undefined) {
        throw new ForwarderError('NO_PREVIEW', `forwarders of the type ${type.type} can't be previewed`);
      }
      try {
        return await destination.preview(batch, idsOfTest());
      } catch (error) {
        throw new ForwarderError('DELIVERY_FAILED', reasonOf(error), { cause: error });
      }
    });
  }

  /** Ends all deliveries; what is under way has so much time to be answered. Queues keep the rest. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    for (const name of this.#forwarders.keys()) this.#retire(name, graceMs);
    await Promise.all(this.#stopping.values());
  }

  #take(name: string, body: string | Error): void {
    this.#retire(name);
    const content = this.#read(body);
    const delivery = content instanceof Error ? DELIVERY_DEFAULTS : content.delivery;
    const limit = { maxBytes: delivery.queue.max_mb * MIB, whenFull: delivery.queue.when_full };
    const forwarder: Forwarder = { body, content, limit, runner: undefined };
    this.#forwarders.set(name, forwarder);
    if (content instanceof Error) return;
    const runner = new DeliveryRunner({
      forwarder: name,
      queue: this.#options.queue,
      settings: delivery,
      open: () => this.#open(name, content, this.#placeOf(name)),
      figures: this.#figuresOf(name),
      now: this.#options.now,
      warn: this.#options.warn,
    });
    forwarder.runner = runner;
    // Two runners on one queue would deliver the same records.
    const before = this.#stopping.get(name);
    if (before === undefined) runner.start();
    else void before.then(() => runner.start());
  }

  #read(body: string | Error): ValidForwarder | Error {
    if (body instanceof Error) return body;
    try {
      return this.reader.read(JSON.parse(body));
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #retire(name: string, graceMs = CHANGE_GRACE_MS): void {
    const forwarder = this.#forwarders.get(name);
    const runner = forwarder?.runner;
    if (forwarder === undefined || runner === undefined) return;
    forwarder.runner = undefined;
    const before = this.#stopping.get(name) ?? Promise.resolve();
    const stopped = before
      .then(() => runner.stop(graceMs))
      .finally(() => {
        if (this.#stopping.get(name) === stopped) this.#stopping.delete(name);
      });
    this.#stopping.set(name, stopped);
  }

  /** What a destination may know of the queue that it delivers. */
  #placeOf(name: string): Pick<DestinationContext, 'waiting' | 'memory'> {
    const { queue } = this.#options;
    return {
      waiting: () => Math.max(0, queue.stats(name).records - (this.#forwarders.get(name)?.runner?.inFlight ?? 0)),
      memory: { read: () => queue.memory(name), write: (text) => queue.remember(name, text) },
    };
  }

  #open(
    name: string,
    { type, config, delivery }: ValidForwarder,
    place: Pick<DestinationContext, 'waiting' | 'memory'> = {},
  ): Destination {
    const { lookup, checkHost } = this.#options.policy;
    const context: DestinationContext = {
      forwarder: name,
      timeoutMs: delivery.timeout_ms,
      lookup,
      checkHost,
      now: Date.now,
      ...place,
    };
    return type.open(config, context);
  }

  async #withDestination<Result>(name: string, use: (destination: Destination) => Promise<Result>): Promise<Result> {
    let destination: Destination;
    try {
      destination = this.#open(name, this.#available(name));
    } catch (error) {
      if (error instanceof ForwarderError) throw error;
      throw new ForwarderError('DELIVERY_FAILED', reasonOf(error), { cause: error });
    }
    try {
      return await use(destination);
    } finally {
      // Nobody waits for a destination that is slow to say goodbye.
      destination
        .close()
        .catch((error: unknown) => this.#options.warn(`${name} did not close well: ${reasonOf(error)}`));
    }
  }

  #available(name: string): ValidForwarder {
    const { content } = this.#find(name);
    if (content instanceof Error) {
      const text = `the forwarder ${JSON.stringify(name)} is unavailable: ${content.message}`;
      throw new ForwarderError('UNAVAILABLE_FORWARDER', text, { cause: content });
    }
    return content;
  }

  #find(name: string): Forwarder {
    const forwarder = this.#forwarders.get(name);
    if (forwarder !== undefined && !this.#closed) return forwarder;
    throw new ForwarderError('UNKNOWN_FORWARDER', `there is no forwarder ${JSON.stringify(name)}`);
  }

  #figuresOf(name: string): DeliveryFigures {
    let figures = this.#figures.get(name);
    if (figures === undefined) {
      figures = noFigures();
      this.#figures.set(name, figures);
    }
    return figures;
  }
}

function unknownDeadLetter(id: number | string | undefined): ForwarderError {
  return new ForwarderError('UNKNOWN_DEAD_LETTER', `there is no dead letter ${String(id)}`);
}

/** A record of a test is in no queue: it is told from all others by chance. */
function idsOfTest(): DeliveryIds {
  const id = `test.${randomUUID().slice(-12)}`;
  return { of: (row) => `${id}.${row}` };
}
