import { frameSeverity, type SyslogFrame } from '../../syslog';
import type { Warn } from '../input';
import { RateLimitedWarning } from '../rate-limited-warning';
import { TokenBucket, type RateLimit } from './token-bucket';

/** Senders that are remembered; above this all are forgotten and begin with a full bucket. */
const MAX_SENDERS = 10_000;
/** How often it is looked who keeps to the limit again, in milliseconds. */
const CHECK_INTERVAL_MS = 5_000;
/** A sender keeps to the limit again when nothing of it was dropped for so long, in milliseconds. */
const CALM_MS = 10_000;

/** Holds each sender of a listener to its own limit, so that a noisy one takes nothing from the others. */
export class RateLimiter {
  readonly #name: string;
  readonly #limit: RateLimit;
  readonly #warning: RateLimitedWarning;
  readonly #buckets = new Map<string, TokenBucket>();
  /** Those whose messages are being dropped. */
  readonly #beyond = new Map<string, TokenBucket>();
  readonly #timer: NodeJS.Timeout;

  /** @param name of the listener */
  constructor(name: string, limit: RateLimit, warn: Warn) {
    this.#name = name;
    this.#limit = limit;
    this.#warning = new RateLimitedWarning(warn);
    this.#timer = setInterval(() => this.check(Date.now()), CHECK_INTERVAL_MS);
    this.#timer.unref();
  }

  /** @returns undefined when nothing is limited */
  static of(name: string, limit: RateLimit, warn: Warn): RateLimiter | undefined {
    return limit.messages > 0 || limit.bytes > 0 ? new RateLimiter(name, limit, warn) : undefined;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Whether a message of a sender that cannot wait (UDP) is taken. @param now milliseconds since the epoch */
  admits(address: string, frame: SyslogFrame, now: number): boolean {
    const bucket = this.#bucketOf(address, now);
    if (bucket.admit(frame.end - frame.start, now) || frameSeverity(frame) <= this.#limit.exemptSeverity) return true;
    if (bucket.dropped === 0) {
      bucket.droppedSince = now;
      this.#beyond.set(address, bucket);
      this.#warning.write('begin', `${this.#name}: ${address} sends more than ${this.#text}, the rest is dropped`);
    }
    bucket.dropped++;
    bucket.droppedLast = now;
    return false;
  }

  /**
   * Counts what a sender that can wait (TCP, TLS, RELP) has sent.
   * @param now milliseconds since the epoch
   * @returns how long it should not be read from, in milliseconds
   */
  pauseAfter(address: string, messages: number, bytes: number, now: number): number {
    const pause = this.#bucketOf(address, now).charge(messages, bytes, now);
    if (pause > 0) {
      this.#warning.write('slow', `${this.#name}: ${address} sends more than ${this.#text}, it is slowed down`);
    }
    return pause;
  }

  /** Tells of senders that keep to the limit again. */
  check(now: number): void {
    for (const [address, bucket] of this.#beyond) {
      if (now - bucket.droppedLast < CALM_MS) continue;
      this.#beyond.delete(address);
      const seconds = Math.ceil((bucket.droppedLast - bucket.droppedSince) / 1000);
      const message = `${address} keeps to its limit again, ${bucket.dropped} of its messages were dropped in ${seconds} s`;
      bucket.dropped = 0;
      this.#warning.write('end', `${this.#name}: ${message}`);
    }
  }

  get #text(): string {
    const { messages, bytes } = this.#limit;
    const parts = [messages > 0 ? `${messages} messages` : '', bytes > 0 ? `${bytes} bytes` : ''];
    return `${parts.filter((part) => part !== '').join(' or ')} a second`;
  }

  #bucketOf(address: string, now: number): TokenBucket {
    let bucket = this.#buckets.get(address);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_SENDERS) this.#buckets.clear();
      bucket = new TokenBucket(this.#limit, now);
      this.#buckets.set(address, bucket);
    }
    return bucket;
  }
}
