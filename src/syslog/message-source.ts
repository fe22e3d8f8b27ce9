import { SPACE } from './ascii';
import type { SyslogFrame } from './frame';
import { StringPool } from './string-pool';

const NO_BYTES = Buffer.alloc(0);

/** The first byte that is not ASCII. */
const FIRST_NON_ASCII = 0x80;

/** The message that is being read: its bytes, and the cheapest way to a string of any part of them. */
export class MessageSource {
  bytes: Buffer = NO_BYTES;
  text = '';
  start = 0;
  end = 0;
  /** Hash of the token that {@link tokenEnd} passed over last. */
  tokenHash = 0;
  /** Up to here text and bytes say the same. */
  #asciiEnd = 0;
  readonly #pool = new StringPool();

  /** Makes a frame the message to read. */
  load(frame: SyslogFrame): void {
    const { bytes, start, end } = frame;
    this.bytes = bytes;
    this.text = frame.text;
    this.start = start;
    this.end = end;
    let asciiEnd = end;
    if (!frame.ascii) {
      asciiEnd = start;
      while (asciiEnd < end && (bytes[asciiEnd] as number) < FIRST_NON_ASCII) asciiEnd++;
    }
    this.#asciiEnd = asciiEnd;
  }

  /** Lets go of the bytes, so that an idle parser keeps no chunk alive. */
  release(): void {
    this.bytes = NO_BYTES;
    this.text = '';
  }

  /** The string of a range of bytes. */
  slice(from: number, to: number): string {
    return to <= this.#asciiEnd ? this.text.substring(from, to) : this.bytes.toString('utf8', from, to);
  }

  /** The end of the token at `position`: the next space, or the end of the message. */
  tokenEnd(position: number): number {
    const bytes = this.bytes;
    const end = this.end;
    let hash = 0;
    while (position < end) {
      const byte = bytes[position] as number;
      if (byte === SPACE) break;
      hash = (Math.imul(hash, 31) + byte) | 0;
      position++;
    }
    this.tokenHash = hash;
    return position;
  }

  /** The string of the token that {@link tokenEnd} passed over last, shared with equal tokens of earlier messages. */
  token(from: number, to: number): string {
    return to <= this.#asciiEnd
      ? this.#pool.get(this.bytes, this.text, from, to, this.tokenHash)
      : this.slice(from, to);
  }
}
