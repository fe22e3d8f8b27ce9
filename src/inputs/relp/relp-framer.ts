import { isAscii, isUtf8 } from 'node:buffer';
import type { OversizePolicy, SyslogFrame } from '../../syslog';

/** TXNR and DATALEN have at most nine digits, COMMAND at most 32 letters (RELP specification, "Syntax of RELP frame"). */
const MAX_NUMBER_DIGITS = 9;
const MAX_COMMAND_LETTERS = 32;
const MAX_HEADER_BYTES = 2 * MAX_NUMBER_DIGITS + MAX_COMMAND_LETTERS + 3;
/** Data of commands other than `syslog`: offers of an `open` are some lines. */
const MAX_COMMAND_DATA_BYTES = 16_384;
/** A UTF-8 character has at most three bytes after its first. */
const MAX_CONTINUATION_BYTES = 3;

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const HEADER = /^([1-9]\d{0,8}) ([A-Za-z]{1,32}) (\d{1,9})$/;

const NO_BYTES = Buffer.alloc(0);

/** The bytes are no RELP. */
export class RelpProtocolError extends Error {
  readonly code = 'RELP_PROTOCOL';
  override readonly name = 'RelpProtocolError';
}

export interface RelpFramerOptions {
  /** Longest message in bytes, and what happens to longer ones. */
  readonly maxMessageBytes: number;
  readonly oversize: OversizePolicy;
}

/**
 * Separates the frames of one RELP connection: `TXNR SP COMMAND SP DATALEN [SP DATA] LF`.
 *
 * The framer is its own result: after {@link next} it is one frame, or one piece of a `syslog` frame above the limit, and the
 * message in it.
 *
 * @example
 * framer.push(chunk);
 * while (framer.next()) {
 *   if (framer.command === 'syslog' && framer.end > framer.start) builder.add(framer, arrival, sender);
 *   if (framer.last) acknowledge(framer.transaction);
 * }
 */
export class RelpFramer implements SyslogFrame {
  bytes: Buffer = NO_BYTES;
  text = '';
  ascii = true;
  start = 0;
  end = 0;
  invalidUtf8 = false;
  originalLength = 0;
  part = 0;
  /** TXNR of the frame. */
  transaction = '';
  command = '';
  /** The frame is complete with this piece. */
  last = true;
  /** The message was above the limit and the policy is to reject it: it is not here. */
  rejected = false;

  readonly #options: RelpFramerOptions;
  #chunks: Buffer[] = [];
  #available = 0;
  /** With fewer bytes than this there is nothing to do. */
  #needs = 1;
  /** Octets of the frame's data that were not read; -1 between frames. */
  #data = -1;
  #dataLength = 0;
  #parts = 0;
  #skip = 0;

  constructor(options: RelpFramerOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#available += chunk.length;
  }

  /**
   * Moves on to the next frame; false when the bytes so far have no more.
   * @throws RelpProtocolError; nothing more can be read then
   */
  next(): boolean {
    while (this.#available >= this.#needs) {
      if (this.#skip > 0) {
        this.#discard();
        continue;
      }
      if (this.#data < 0 && !this.#readHeader()) break;
      if (this.#readData()) return true;
    }
    this.bytes = NO_BYTES;
    this.text = '';
    return false;
  }

  #readHeader(): boolean {
    const head = this.#join();
    let end = 0;
    let spaces = 0;
    // The third space, or the end of a frame without data, ends the header.
    while (end < head.length && end <= MAX_HEADER_BYTES && head[end] !== LINE_FEED) {
      if (head[end] === SPACE && ++spaces === 3) break;
      end++;
    }
    if (end > MAX_HEADER_BYTES) throw new RelpProtocolError('a RELP frame has no valid header');
    if (end === head.length) {
      this.#needs = head.length + 1;
      return false;
    }
    const match = HEADER.exec(head.toString('latin1', 0, end));
    if (match === null) throw new RelpProtocolError('a RELP frame has no valid header');
    this.transaction = match[1] as string;
    this.command = match[2] as string;
    this.#dataLength = Number(match[3]);
    if (this.command !== 'syslog' && this.#dataLength > MAX_COMMAND_DATA_BYTES) {
      throw new RelpProtocolError(
        `the data of the command ${this.command} is longer than ${MAX_COMMAND_DATA_BYTES} bytes`,
      );
    }
    // A frame without data may have the space before it or not.
    const hasSpace = head[end] === SPACE;
    if (!hasSpace && this.#dataLength > 0) throw new RelpProtocolError('a RELP frame ends before its data');
    this.#take(hasSpace ? end + 1 : end);
    this.#data = this.#dataLength;
    this.#parts = 0;
    return true;
  }

  /** Reads the data, or as much of it as may be one message; true when that gave a result. */
  #readData(): boolean {
    const { maxMessageBytes, oversize } = this.#options;
    const limit = this.command === 'syslog' ? maxMessageBytes : MAX_COMMAND_DATA_BYTES;
    const isWhole = this.#data <= limit;
    // One byte more: the LF behind the data, or what tells whether a cut would go through a character.
    const wanted = Math.min(this.#data, limit) + 1;
    if (this.#available < wanted) {
      this.#needs = wanted;
      return false;
    }
    const bytes = this.#join();
    this.rejected = false;
    this.originalLength = 0;
    if (isWhole) {
      if (bytes[this.#data] !== LINE_FEED) throw new RelpProtocolError('a RELP frame does not end with LF');
      this.part = this.#parts > 0 ? this.#parts + 1 : 0;
      this.#give(bytes, this.#data);
      this.#take(this.#data + 1);
      this.#data = -1;
      this.last = true;
      return true;
    }
    const cut = characterBoundary(bytes, limit);
    if (oversize === 'split') {
      this.part = ++this.#parts;
      this.#give(bytes, cut);
      this.#take(cut);
      this.#data -= cut;
      this.last = false;
      return true;
    }
    this.part = 0;
    this.last = true;
    this.rejected = oversize === 'reject';
    this.#give(bytes, this.rejected ? 0 : cut);
    this.originalLength = this.#dataLength;
    this.#take(cut);
    this.#skip = this.#data - cut + 1;
    this.#data = -1;
    return true;
  }

  /** Passes over the rest of a message that was cut, and the LF behind it. */
  #discard(): void {
    const count = Math.min(this.#skip, this.#available);
    const bytes = this.#join();
    if (count === this.#skip && bytes[count - 1] !== LINE_FEED) {
      throw new RelpProtocolError('a RELP frame does not end with LF');
    }
    this.#take(count);
    this.#skip -= count;
  }

  #give(bytes: Buffer, length: number): void {
    this.bytes = bytes.subarray(0, length);
    this.start = 0;
    this.end = length;
    while (this.end > 0) {
      const byte = bytes[this.end - 1];
      if (byte !== LINE_FEED && byte !== 0x0d && byte !== 0) break;
      this.end--;
    }
    this.text = bytes.toString('latin1', 0, length);
    this.ascii = isAscii(this.bytes);
    this.invalidUtf8 = !this.ascii && !isUtf8(this.bytes);
  }

  /** All bytes there are, in one piece. */
  #join(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks, this.#available)];
    return this.#chunks[0] as Buffer;
  }

  #take(count: number): void {
    const bytes = this.#join();
    this.#available = bytes.length - count;
    this.#chunks = this.#available === 0 ? [] : [bytes.subarray(count)];
    this.#needs = 1;
  }
}

/** A position at or before `cut` that does not go through a UTF-8 character. */
function characterBoundary(bytes: Buffer, cut: number): number {
  for (let back = 0; back <= MAX_CONTINUATION_BYTES && cut > back; back++) {
    if (((bytes[cut - back] as number) & 0xc0) !== 0x80) return cut - back;
  }
  return cut;
}
