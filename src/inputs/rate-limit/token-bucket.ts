/** What one sender may send; 0 is no limit. */
export interface RateLimit {
  /** Messages a second. */
  readonly messages: number;
  /** Bytes a second. */
  readonly bytes: number;
  /** After a pause, so many seconds' worth may come at once. */
  readonly burstSeconds: number;
  /** Messages of this syslog severity and worse always pass where others are dropped; -1: none do. */
  readonly exemptSeverity: number;
}

const MILLISECONDS_PER_SECOND = 1000;

/** What one sender has left of a {@link RateLimit}. Times are milliseconds since the epoch. */
export class TokenBucket {
  readonly #limit: RateLimit;
  #messages: number;
  #bytes: number;
  #filled: number;
  /** Messages dropped since it went beyond its limit; 0 while it keeps to it. */
  dropped = 0;
  /** When the first and the last of them were. */
  droppedSince = 0;
  droppedLast = 0;

  constructor(limit: RateLimit, now: number) {
    this.#limit = limit;
    this.#messages = limit.messages * limit.burstSeconds;
    this.#bytes = limit.bytes * limit.burstSeconds;
    this.#filled = now;
  }

  /** Takes a message, or leaves everything as it is when it is one too many. */
  admit(bytes: number, now: number): boolean {
    this.#fill(now);
    const { messages: maxMessages, bytes: maxBytes } = this.#limit;
    // A message may be larger than the bytes of a burst: it goes into debt.
    if ((maxMessages > 0 && this.#messages < 1) || (maxBytes > 0 && this.#bytes <= 0)) return false;
    this.#messages--;
    this.#bytes -= bytes;
    return true;
  }

  /** Takes what has come, also into debt. @returns how long nothing more should be read, in milliseconds */
  charge(messages: number, bytes: number, now: number): number {
    this.#fill(now);
    this.#messages -= messages;
    this.#bytes -= bytes;
    const { messages: maxMessages, bytes: maxBytes } = this.#limit;
    const forMessages = maxMessages > 0 ? -this.#messages / maxMessages : 0;
    const forBytes = maxBytes > 0 ? -this.#bytes / maxBytes : 0;
    return Math.max(0, forMessages, forBytes) * MILLISECONDS_PER_SECOND;
  }

  #fill(now: number): void {
    const { messages, bytes, burstSeconds } = this.#limit;
    // A clock that was set back fills nothing.
    const seconds = Math.max(0, now - this.#filled) / MILLISECONDS_PER_SECOND;
    this.#filled = now;
    this.#messages = Math.min(messages * burstSeconds, this.#messages + messages * seconds);
    this.#bytes = Math.min(bytes * burstSeconds, this.#bytes + bytes * seconds);
  }
}
