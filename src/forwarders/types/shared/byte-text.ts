/** Room of a new text beyond what is expected, in bytes: memory that nothing is written to costs nothing. */
const SPARE_BYTES = 64 * 1024;
/** UTF-8 takes at most three bytes for each unit of a JavaScript string. */
const MAX_BYTES_A_UNIT = 3;

/**
 * UTF-8 text that is put together from many pieces. Each piece is copied once, to where it stays; joined as strings they would be
 * copied three times.
 *
 * @example
 * const text = new ByteText();
 * text.add('[');
 * text.add(']');
 * text.finish().toString(); // '[]'
 */
export class ByteText {
  #bytes: Buffer;
  #length = 0;

  /** @param expectedBytes about how long it becomes */
  constructor(expectedBytes = 0) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.ceil(expectedBytes * 1.25) + SPARE_BYTES);
  }

  /** Bytes so far. */
  get length(): number {
    return this.#length;
  }

  add(text: string): void {
    const most = this.#length + text.length * MAX_BYTES_A_UNIT;
    if (most > this.#bytes.length) this.#grow(most);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** The text so far; nothing may be added to it afterwards. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
