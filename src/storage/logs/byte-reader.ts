import { StorageError } from '../errors';

/** Reads what a {@link ByteWriter} wrote. Reading past the end is `CORRUPT_DATA`, never a wrong value. */
export class ByteReader {
  readonly #buffer: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#position;
  }

  get remaining(): number {
    return this.#buffer.length - this.#position;
  }

  byte(): number {
    const value = this.#buffer[this.#position];
    if (value === undefined) throw truncated();
    this.#position++;
    return value;
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
      if (factor > Number.MAX_SAFE_INTEGER) throw new StorageError('CORRUPT_DATA', 'integer out of range');
    }
  }

  signedVarint(): number {
    const value = this.varint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  /** A view of the next bytes, valid as long as the buffer is. */
  bytes(length: number): Buffer {
    if (length > this.remaining) throw truncated();
    const view = this.#buffer.subarray(this.#position, this.#position + length);
    this.#position += length;
    return view;
  }

  block(): Buffer {
    return this.bytes(this.varint());
  }

  /** A block written with `beginBlock` and `endBlock`. */
  openBlock(): Buffer {
    return this.bytes(this.bytes(4).readUInt32LE(0));
  }

  text(): string {
    const length = this.varint();
    if (length > this.remaining) throw truncated();
    const end = this.#position + length;
    const text = this.#buffer.toString('utf8', this.#position, end);
    this.#position = end;
    return text;
  }

  skip(length: number): void {
    if (length > this.remaining) throw truncated();
    this.#position += length;
  }
}

function truncated(): StorageError {
  return new StorageError('CORRUPT_DATA', 'data ends too early');
}
