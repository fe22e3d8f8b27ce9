/** First size of a writer's buffer; it doubles as needed. */
const INITIAL_BYTES = 16 * 1024;

/** A UTF-16 unit takes at most three bytes in UTF-8. */
const MAX_UTF8_BYTES_PER_UNIT = 3;

const BLOCK_LENGTH_BYTES = 4;

const NOTHING = Buffer.alloc(0);

/** Where a writer gets its memory from. */
export interface ByteMemory {
  /** A buffer of at least so many bytes. */
  take(bytes: number): Buffer;
  /** Takes one back that is no longer used. */
  giveBack(buffer: Buffer): void;
}

const ORDINARY_MEMORY: ByteMemory = {
  take: (bytes) => Buffer.allocUnsafeSlow(bytes),
  giveBack: () => undefined,
};

/** Appends numbers, bytes and text to a growing buffer; the counterpart of {@link ByteReader}. */
export class ByteWriter {
  readonly #memory: ByteMemory;
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes = INITIAL_BYTES, memory = ORDINARY_MEMORY) {
    this.#memory = memory;
    this.#buffer = memory.take(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** An unsigned integer up to 2^53 - 1, seven bits a byte, least significant first. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 0x7f) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  /** A signed integer, small magnitudes short. */
  signedVarint(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** Length in bytes, then the bytes. */
  block(value: Uint8Array): void {
    this.varint(value.length);
    this.bytes(value);
  }

  /** Length in bytes, then UTF-8; lone surrogates become U+FFFD, which has the same length in UTF-16 units. */
  text(value: string): void {
    const start = this.#length;
    // The length of the length is known only afterwards: five bytes hold any text, the text moves down to fit.
    this.#reserve(5 + value.length * MAX_UTF8_BYTES_PER_UNIT);
    const written = this.#buffer.write(value, start + 5, 'utf8');
    this.varint(written);
    this.#buffer.copyWithin(this.#length, start + 5, start + 5 + written);
    this.#length += written;
  }

  /** Starts a block whose length is known only at its end; see {@link endBlock}. */
  beginBlock(): number {
    this.#reserve(BLOCK_LENGTH_BYTES);
    this.#length += BLOCK_LENGTH_BYTES;
    return this.#length;
  }

  /** Ends the block that `beginBlock` started at `start`. */
  endBlock(start: number): void {
    this.#buffer.writeUInt32LE(this.#length - start, start - BLOCK_LENGTH_BYTES);
  }

  /** The bytes written so far, as a copy with a buffer of its own, so that it can be transferred to another thread. */
  finish(): Uint8Array<ArrayBuffer> {
    const copy = new Uint8Array(this.#length);
    copy.set(this.#buffer.subarray(0, this.#length));
    return copy;
  }

  /** What was written from `start` on to before `end`, not copied: it holds until the next write. */
  view(start: number, end = this.#length): Buffer {
    return this.#buffer.subarray(start, end);
  }

  /** The end of this writer: its buffer goes back to where it came from. */
  release(): void {
    this.#memory.giveBack(this.#buffer);
    this.#buffer = NOTHING;
    this.#length = 0;
  }

  /** Forgets what was written; the buffer stays for the next use. */
  reset(): void {
    this.#length = 0;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    let size = this.#buffer.length * 2;
    while (size < needed) size *= 2;
    const larger = this.#memory.take(size);
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#memory.giveBack(this.#buffer);
    this.#buffer = larger;
  }
}
