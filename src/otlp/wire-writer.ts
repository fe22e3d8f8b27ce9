const INITIAL_BYTES = 16 * 1024;
/** Longest varint, which a write of one has to find room for. */
const MAX_VARINT_BYTES = 10;
/** UTF-16 units up to which a text is written by a loop; for longer ones Buffer is quicker. */
const MAX_LOOP_TEXT = 24;
const TWO_32 = 4294967296;

/**
 * Writes protobuf's wire format from the end of a message to its start: when the length of a nested message is due,
 * its content is already there. So fields are written in reverse order, and of each field first the content, then the
 * tag.
 */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  /** Where the bytes written so far begin. */
  #pos = INITIAL_BYTES;

  /** Number of bytes written; kept from before a nested message for {@link closeMessage}. */
  get written(): number {
    return this.#bytes.length - this.#pos;
  }

  /** What was written, in the right order. */
  finish(): Buffer {
    return this.#bytes.subarray(this.#pos);
  }

  /** Ends a nested message or other delimited field that was begun when `written` was `mark`. */
  closeMessage(tag: number, mark: number): void {
    this.varint(0, this.written - mark);
    this.varint(0, tag);
  }

  /** A string field; lone surrogates become U+FFFD, since receivers refuse anything that is not UTF-8. */
  text(tag: number, text: string): void {
    const mark = this.written;
    this.#content(text);
    this.closeMessage(tag, mark);
  }

  /** A bytes field of the bytes that `hex` spells. */
  hex(tag: number, hex: string): void {
    const mark = this.written;
    this.#reserve(hex.length / 2);
    this.#pos -= hex.length / 2;
    this.#bytes.write(hex, this.#pos, 'hex');
    this.closeMessage(tag, mark);
  }

  uint32(tag: number, value: number): void {
    this.varint(0, value);
    this.varint(0, tag);
  }

  /** A signed integer field (int32, int64, enum) of a safe integer; negative ones take ten bytes. */
  int(tag: number, value: number): void {
    this.varint(Math.floor(value / TWO_32) >>> 0, value >>> 0);
    this.varint(0, tag);
  }

  /** An int64 field from decimal text. */
  int64(tag: number, text: string): void {
    const bits = BigInt.asUintN(64, BigInt(text));
    this.varint(Number(bits >> 32n), Number(bits & 0xffffffffn));
    this.varint(0, tag);
  }

  /** A fixed64 field from decimal text. */
  fixed64(tag: number, text: string): void {
    this.#reserve(8);
    this.#pos -= 8;
    this.#bytes.writeBigUInt64LE(BigInt(text), this.#pos);
    this.varint(0, tag);
  }

  fixed32(tag: number, value: number): void {
    this.#reserve(4);
    this.#pos -= 4;
    this.#bytes.writeUInt32LE(value, this.#pos);
    this.varint(0, tag);
  }

  double(tag: number, value: number): void {
    this.#reserve(8);
    this.#pos -= 8;
    this.#bytes.writeDoubleLE(value, this.#pos);
    this.varint(0, tag);
  }

  /** A varint given as two unsigned halves. */
  varint(high: number, low: number): void {
    this.#reserve(MAX_VARINT_BYTES);
    if (high === 0 && low < 0x80) {
      this.#bytes[--this.#pos] = low;
      return;
    }
    let size = 1;
    for (let h = high, l = low; h !== 0 || l >= 0x80; size++) {
      l = ((l >>> 7) | (h << 25)) >>> 0;
      h >>>= 7;
    }
    this.#pos -= size;
    for (let i = 0; i < size; i++) {
      this.#bytes[this.#pos + i] = i === size - 1 ? low : (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
  }

  #content(text: string): void {
    const length = text.length;
    if (length <= MAX_LOOP_TEXT) {
      this.#reserve(length);
      const start = this.#pos - length;
      let bits = 0;
      for (let i = 0; i < length; i++) {
        const code = text.charCodeAt(i);
        bits |= code;
        this.#bytes[start + i] = code;
      }
      if (bits < 0x80) {
        this.#pos = start;
        return;
      }
    }
    const size = Buffer.byteLength(text);
    this.#reserve(size);
    this.#pos -= size;
    this.#bytes.write(text, this.#pos, 'utf8');
  }

  #reserve(size: number): void {
    if (this.#pos >= size) return;
    const written = this.written;
    const grown = Buffer.allocUnsafe(2 * (written + size));
    this.#bytes.copy(grown, grown.length - written, this.#pos);
    this.#bytes = grown;
    this.#pos = grown.length - written;
  }
}
