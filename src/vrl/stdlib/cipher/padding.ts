import { BLOCK_BYTES } from './block';

/** How a message is filled up to whole blocks. There is always padding: a block of it after whole blocks. */
export interface Padding {
  pad(data: Uint8Array): Uint8Array;
  /** Undefined when the data does not end in padding of this kind. */
  unpad(data: Uint8Array): Uint8Array | undefined;
}

/** Bytes that are missing to the next block: 1 to 16. */
function missing(length: number): number {
  return BLOCK_BYTES - (length % BLOCK_BYTES);
}

/** Padding whose last byte is its length. */
class Counted implements Padding {
  readonly #fill: (padding: Uint8Array) => void;
  readonly #isValid: (padding: Uint8Array) => boolean;

  /**
   * @param fill sets the bytes before the last
   * @param isValid checks them
   */
  constructor(fill: (padding: Uint8Array) => void, isValid: (padding: Uint8Array) => boolean) {
    this.#fill = fill;
    this.#isValid = isValid;
  }

  pad(data: Uint8Array): Uint8Array {
    const count = missing(data.length);
    const padded = new Uint8Array(data.length + count);
    padded.set(data);
    this.#fill(padded.subarray(data.length, padded.length - 1));
    padded[padded.length - 1] = count;
    return padded;
  }

  unpad(data: Uint8Array): Uint8Array | undefined {
    const count = data.at(-1) ?? 0;
    if (count < 1 || count > BLOCK_BYTES || count > data.length) return undefined;
    const start = data.length - count;
    return this.#isValid(data.subarray(start, data.length - 1)) ? data.subarray(0, start) : undefined;
  }
}

const ISO7816_MARK = 0x80;

/** A mark and zeros (ISO/IEC 7816-4). */
const ISO7816: Padding = {
  pad(data) {
    const padded = new Uint8Array(data.length + missing(data.length));
    padded.set(data);
    padded[data.length] = ISO7816_MARK;
    return padded;
  },
  unpad(data) {
    let end = data.length - 1;
    while (end > data.length - BLOCK_BYTES && data[end] === 0) end--;
    return data[end] === ISO7816_MARK ? data.subarray(0, end) : undefined;
  },
};

/** Paddings by the names that algorithms carry. */
export const PADDINGS: ReadonlyMap<string, Padding> = new Map<string, Padding>([
  [
    'PKCS7',
    new Counted(
      (bytes) => bytes.fill(bytes.length + 1),
      (bytes) => bytes.every((byte) => byte === bytes.length + 1),
    ),
  ],
  [
    'ANSIX923',
    new Counted(
      () => undefined,
      (bytes) => bytes.every((byte) => byte === 0),
    ),
  ],
  ['ISO7816', ISO7816],
  // Any bytes will do before the length; random ones would hide nothing more.
  [
    'ISO10126',
    new Counted(
      () => undefined,
      () => true,
    ),
  ],
]);
