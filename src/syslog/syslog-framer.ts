import { isAscii, isUtf8 } from 'node:buffer';
import { CARRIAGE_RETURN, DIGIT_0, DIGIT_1, DIGIT_9, LESS_THAN, LINE_FEED, NUL, SPACE, isDigit } from './ascii';
import { SyslogError } from './errors';
import { asBuffer, trimmedEnd, type SyslogFrame } from './frame';

/** What becomes of a message above the size limit. */
export type OversizePolicy = 'truncate' | 'split' | 'reject';

/** How a framer separates messages and what it does with large ones. */
export interface FramerOptions {
  /** Largest message in bytes, without its count or trailer. Default {@link DEFAULT_MAX_MESSAGE_BYTES}. */
  readonly maxMessageBytes?: number;
  /** `truncate` keeps the begin, `split` makes several messages of it, `reject` drops and counts it. Default `truncate`. */
  readonly oversize?: OversizePolicy;
  /**
   * What a line without PRI is in a datagram: `split`, a message of its own; `join`, a part of the message before it. Lines
   * of a stream are always messages of their own, for nobody knows whether another follows. Default `split`.
   */
  readonly lines?: 'split' | 'join';
}

/** 64 KiB: what a UDP datagram can hold, and eight times what RFC 5424 section 6.1 asks receivers to take. */
export const DEFAULT_MAX_MESSAGE_BYTES = 65_536;
/** A limit below this would cut headers apart (RFC 5424 section 6.1 wants at least 480). */
export const MIN_MAX_MESSAGE_BYTES = 480;
/** MSG-LEN of RFC 6587 section 3.4.1 in digits; a longer number is text. */
const MAX_COUNT_DIGITS = 8;
/** A larger buffer than this is given back once it is not needed: many connections are idle most of the time. */
const KEPT_BUFFER_BYTES = 16_384;

/** First size of the buffer for a carried-over rest. */
const FIRST_REST_BYTES = 4_096;
/** A UTF-8 character has at most three bytes after its first. */
const MAX_CONTINUATION_BYTES = 3;

const NO_BYTES = Buffer.alloc(0);
/** What the bytes at hand belong to. */
const BETWEEN_MESSAGES = 0;
const IN_LINE = 1;
const IN_OCTETS = 2;

/**
 * Separates the messages of one TCP connection (RFC 6587), or the lines of a datagram.
 *
 * The framing is told for each message by itself, so a connection may mix both kinds: one to eight digits without a leading
 * zero, a space, `<` and a digit are an octet count; anything else is a line, ended by LF, CR LF or NUL. So lines such as
 * `2024-01-01 …` or `123 abc` stay lines. Empty lines between messages are passed over.
 *
 * The framer is its own result: after {@link next} it is the frame of one message, valid until the next call of any method.
 * Every byte is copied a bounded number of times, however the stream is cut into chunks.
 *
 * @example
 * const framer = new SyslogFramer({ maxMessageBytes: 8192, oversize: 'truncate' });
 * framer.push(chunk);
 * while (framer.next()) builder.add(framer, arrival, sender);
 * // when the connection ends
 * framer.finish();
 * while (framer.next()) builder.add(framer, arrival, sender);
 */
export class SyslogFramer implements SyslogFrame {
  bytes: Buffer = NO_BYTES;
  text = '';
  ascii = true;
  start = 0;
  end = 0;
  invalidUtf8 = false;
  originalLength = 0;
  part = 0;
  /** Messages dropped by the policy `reject` since the framer was made. */
  rejected = 0;

  readonly #maxBytes: number;
  readonly #oversize: OversizePolicy;
  readonly #joinsLines: boolean;

  /** The bytes being read, their latin1 reading (once it is needed), and the part of them that counts. */
  #work: Buffer = NO_BYTES;
  #workText = '';
  #hasText = false;
  #isAscii = true;
  #isUtf8 = true;
  #position = 0;
  #limit = 0;
  /** Where the next LF and the next NUL are, as far as known: right when not before `#position`. */
  #nextLineFeed = -1;
  #nextNul = -1;
  /** No more bytes will come: what is there is complete. */
  #finished = false;
  #isDatagram = false;

  #state = BETWEEN_MESSAGES;
  /** Octets of the counted message that have not been read. */
  #octets = 0;
  /** Pieces given of the message that is being split. */
  #parts = 0;
  /** The rest of the message is thrown away. */
  #dropping = false;
  /** The begin of a line above the limit, given once its end has come, and the bytes of the line so far. */
  #held: Buffer | undefined;
  #heldLength = 0;

  /** Bytes of an incomplete message, carried over from earlier chunks. */
  #rest: Buffer = NO_BYTES;
  #restLength = 0;
  /** With fewer bytes than this the rest cannot be complete; 0 when the end of a line completes it. */
  #restNeeds = 0;

  /** @throws SyslogError `INVALID_OPTION` */
  constructor(options: FramerOptions = {}) {
    this.#maxBytes = options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
    this.#oversize = options.oversize ?? 'truncate';
    this.#joinsLines = options.lines === 'join';
    if (!Number.isSafeInteger(this.#maxBytes) || this.#maxBytes < MIN_MAX_MESSAGE_BYTES) {
      throw new SyslogError(
        'INVALID_OPTION',
        `maxMessageBytes must be a whole number of at least ${MIN_MAX_MESSAGE_BYTES}, not ${this.#maxBytes}`,
      );
    }
  }

  /** Bytes held back because their message is not complete. */
  get pendingBytes(): number {
    return this.#restLength + (this.#held?.length ?? 0);
  }

  /** The current message as text, for callers that do not parse it. */
  get message(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }

  /** Takes the next bytes of the stream. The framer keeps no reference to them beyond the next call. */
  push(chunk: Uint8Array): void {
    const bytes = asBuffer(chunk);
    this.#isDatagram = false;
    // Messages that were not read are not lost.
    if (this.#position < this.#limit) this.#keepRest(1);
    if (this.#restLength === 0) {
      this.#use(bytes, bytes.length);
      return;
    }
    const length = this.#restLength + bytes.length;
    // Only the new bytes are searched, so a large message costs no more in small chunks than in large ones.
    const canComplete =
      this.#restNeeds > 0
        ? length >= this.#restNeeds
        : length > this.#maxBytes || bytes.includes(LINE_FEED) || bytes.includes(NUL);
    this.#appendToRest(bytes);
    if (canComplete) this.#useRest();
  }

  /**
   * Ends the stream: what is held back is the last message. Once {@link next} has returned false the framer can take
   * another stream.
   */
  finish(): void {
    this.#finished = true;
    this.#isDatagram = false;
    if (this.#restLength > 0) this.#useRest();
  }

  /** Takes a whole datagram: its end is the end of its last message. All messages before it must have been read. */
  pushDatagram(datagram: Uint8Array): void {
    this.#use(asBuffer(datagram), datagram.length);
    this.#finished = true;
    this.#isDatagram = true;
  }

  /** Moves on to the next message; false when the bytes so far have no more. */
  next(): boolean {
    while (this.#position < this.#limit) {
      if (this.#state === BETWEEN_MESSAGES && !this.#beginMessage()) break;
      if (this.#dropping ? this.#drop() : this.#advance()) return true;
    }
    if (this.#finished && this.#endStream()) return true;
    this.#release();
    return false;
  }

  /** Passes over empty lines and tells the framing of what follows; false when the bytes do not suffice to tell. */
  #beginMessage(): boolean {
    const work = this.#work;
    const limit = this.#limit;
    let position = this.#position;
    while (position < limit) {
      const byte = work[position];
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== NUL) break;
      position++;
    }
    this.#position = position;
    if (position >= limit) return false;
    this.#state = IN_LINE;
    const first = work[position] as number;
    if (first < DIGIT_1 || first > DIGIT_9) return true;

    let count = 0;
    let digits = 0;
    while (position < limit && digits <= MAX_COUNT_DIGITS && isDigit(work[position])) {
      count = count * 10 + (work[position++] as number) - DIGIT_0;
      digits++;
    }
    if (digits > MAX_COUNT_DIGITS) return true;
    if (position < limit && work[position] !== SPACE) return true;
    if (position + 1 < limit && work[position + 1] !== LESS_THAN) return true;
    if (position + 2 < limit) {
      if (!isDigit(work[position + 2])) return true;
      this.#state = IN_OCTETS;
      this.#octets = count;
      this.#position = position + 1;
      return true;
    }
    // The bytes so far may still become a count.
    if (this.#finished) return true;
    this.#state = BETWEEN_MESSAGES;
    this.#keepRest(this.#limit - this.#position + 1);
    return false;
  }

  /** Goes on with the message at hand; true when that gave one. */
  #advance(): boolean {
    const position = this.#position;
    const isCounted = this.#state === IN_OCTETS;
    let isComplete: boolean;
    let end: number;
    if (isCounted) {
      isComplete = this.#octets <= this.#limit - position;
      end = isComplete ? position + this.#octets : this.#limit;
    } else {
      end = this.#findLineEnd(position);
      isComplete = end < this.#limit;
    }
    const length = isCounted ? this.#octets : end - position;
    if (length > this.#maxBytes) return this.#advanceOversize(end, isComplete);
    if (!isComplete && !this.#finished) {
      this.#keepRest(isCounted ? length : 0);
      return false;
    }
    this.#state = BETWEEN_MESSAGES;
    this.#position = isCounted ? end : end + 1;
    this.part = this.#parts > 0 ? this.#parts + 1 : 0;
    this.#parts = 0;
    return this.#give(position, end, end - position < length ? length : 0);
  }

  /** The same for a message above the limit; `end` is the end of the bytes there are of it. */
  #advanceOversize(end: number, isComplete: boolean): boolean {
    const position = this.#position;
    const isCounted = this.#state === IN_OCTETS;
    // One byte more than is kept tells whether the cut would go through a character.
    if (end - position <= this.#maxBytes && !this.#finished) {
      this.#keepRest(this.#maxBytes + 1);
      return false;
    }
    const cut = this.#characterBoundary(position, Math.min(position + this.#maxBytes, end));
    if (this.#oversize === 'split') {
      this.part = ++this.#parts;
      this.#octets -= cut - position;
      this.#position = cut;
      return this.#give(position, cut, 0);
    }
    this.#dropping = true;
    this.part = 0;
    if (this.#oversize === 'reject') {
      this.rejected++;
      return false;
    }
    if (isCounted) {
      const length = this.#octets;
      this.#octets -= cut - position;
      this.#position = cut;
      return this.#give(position, cut, length);
    }
    if (isComplete || this.#finished) {
      this.#position = cut;
      return this.#give(position, cut, end - position);
    }
    this.#held = Buffer.from(this.#work.subarray(position, cut));
    this.#heldLength = cut - position;
    this.#position = cut;
    return false;
  }

  /** Throws away what is left of a message; true when a line that was held back is complete now. */
  #drop(): boolean {
    const position = this.#position;
    if (this.#state === IN_OCTETS) {
      const dropped = Math.min(this.#octets, this.#limit - position);
      this.#position += dropped;
      this.#octets -= dropped;
      if (this.#octets === 0) this.#endDropping();
      return false;
    }
    const end = this.#findLineEnd(position);
    this.#heldLength += end - position;
    this.#position = end + 1;
    if (end >= this.#limit) return false;
    this.#endDropping();
    return this.#giveHeld();
  }

  #endDropping(): void {
    this.#dropping = false;
    this.#state = BETWEEN_MESSAGES;
  }

  /** What is left when no more bytes come; afterwards the framer is as new. */
  #endStream(): boolean {
    this.#endDropping();
    this.#octets = 0;
    this.#parts = 0;
    if (this.#giveHeld()) return true;
    this.#finished = false;
    return false;
  }

  #giveHeld(): boolean {
    const held = this.#held;
    if (held === undefined) return false;
    this.#held = undefined;
    this.bytes = held;
    this.text = held.toString('latin1');
    this.ascii = isAscii(held);
    this.start = 0;
    this.end = trimmedEnd(held, 0, held.length);
    this.invalidUtf8 = !this.ascii && !isUtf8(held);
    this.originalLength = this.#heldLength;
    this.part = 0;
    return this.end > this.start;
  }

  /** Makes a range of the work the current message; false when nothing but line ends is in it. */
  #give(from: number, to: number, originalLength: number): boolean {
    const work = this.#work;
    const end = trimmedEnd(work, from, to);
    if (end === from) return false;
    if (!this.#hasText) this.#readText();
    this.bytes = work;
    this.text = this.#workText;
    this.ascii = this.#isAscii;
    this.start = from;
    this.end = end;
    this.originalLength = originalLength;
    this.invalidUtf8 = !this.#isAscii && this.#isInvalid(from, end);
    return true;
  }

  /** Whole-chunk checks are cheap; only chunks that fail them are looked at message by message. */
  #isInvalid(from: number, end: number): boolean {
    const work = this.#work;
    if (!this.#isUtf8) return !isUtf8(work.subarray(from, end));
    // A wrong octet count can cut a character in two.
    return isContinuation(work[from]) || (end < this.#limit && isContinuation(work[end]));
  }

  #readText(): void {
    const used = this.#work.subarray(0, this.#limit);
    this.#isAscii = isAscii(used);
    this.#isUtf8 = this.#isAscii || isUtf8(used);
    this.#workText = this.#work.toString('latin1', 0, this.#limit);
    this.#hasText = true;
  }

  /** The position of the LF or NUL that ends the line, or the limit when it has none yet. */
  #findLineEnd(position: number): number {
    if (this.#nextNul < position) this.#nextNul = this.#find('\0', NUL, position);
    if (this.#nextLineFeed < position) {
      this.#nextLineFeed = this.#find('\n', LINE_FEED, position);
      if (this.#joinsLines && this.#isDatagram) this.#joinLines();
    }
    if (this.#nextNul < this.#nextLineFeed && !this.#isDatagram) return this.#nextNul;
    return this.#nextLineFeed;
  }

  #find(character: string, byte: number, position: number): number {
    const found = this.#hasText ? this.#workText.indexOf(character, position) : this.#work.indexOf(byte, position);
    return found < 0 || found >= this.#limit ? this.#limit : found;
  }

  /** Moves on to the first line end that a line with a PRI follows. */
  #joinLines(): void {
    while (this.#nextLineFeed < this.#limit) {
      const next = this.#nextLineFeed + 1;
      if (this.#work[next] === LESS_THAN && isDigit(this.#work[next + 1])) return;
      this.#nextLineFeed = this.#find('\n', LINE_FEED, next);
    }
  }

  /** A position at or before `cut` that does not go through a UTF-8 character. */
  #characterBoundary(position: number, cut: number): number {
    if (cut >= this.#limit) return cut;
    for (let back = 0; back <= MAX_CONTINUATION_BYTES && cut - back > position; back++) {
      if (!isContinuation(this.#work[cut - back])) return cut - back;
    }
    return cut;
  }

  #use(bytes: Buffer, length: number): void {
    this.#work = bytes;
    this.#position = 0;
    this.#limit = length;
    this.#hasText = false;
    this.#nextLineFeed = -1;
    this.#nextNul = -1;
  }

  /** Lets go of what has been read, so that an idle connection holds next to nothing. */
  #release(): void {
    this.#use(NO_BYTES, 0);
    this.#workText = '';
    this.bytes = NO_BYTES;
    this.text = '';
    this.start = 0;
    this.end = 0;
    if (this.#restLength === 0 && this.#rest.length > KEPT_BUFFER_BYTES) this.#rest = NO_BYTES;
  }

  #useRest(): void {
    const length = this.#restLength;
    this.#restLength = 0;
    this.#use(this.#rest, length);
  }

  /** Keeps the bytes from the position on for later; see `#restNeeds`. */
  #keepRest(needs: number): void {
    const length = this.#limit - this.#position;
    const isLarge = this.#rest.length > KEPT_BUFFER_BYTES && length < KEPT_BUFFER_BYTES;
    if (this.#rest.length < length || isLarge) {
      const rest = Buffer.allocUnsafeSlow(Math.max(length, FIRST_REST_BYTES));
      this.#work.copy(rest, 0, this.#position, this.#limit);
      this.#rest = rest;
    } else {
      this.#work.copy(this.#rest, 0, this.#position, this.#limit);
    }
    this.#restLength = length;
    this.#restNeeds = needs;
    this.#position = this.#limit;
  }

  #appendToRest(chunk: Uint8Array): void {
    const length = this.#restLength + chunk.length;
    if (length > this.#rest.length) {
      // Doubling: each byte is copied at most twice more.
      const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#rest.length));
      this.#rest.copy(larger, 0, 0, this.#restLength);
      this.#rest = larger;
    }
    this.#rest.set(chunk, this.#restLength);
    this.#restLength = length;
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
