import { isAscii, isUtf8 } from 'node:buffer';

/**
 * One message within bytes that hold several: what a framer points at and the parser reads.
 *
 * `text` reads every byte as one character (latin1), so one position is valid in both. Fields that are pure ASCII are
 * substrings of it, which is far cheaper than decoding each; the rare others are decoded as UTF-8 from `bytes`.
 */
export interface SyslogFrame {
  readonly bytes: Buffer;
  /** `bytes` read as latin1: same length, same positions. */
  readonly text: string;
  /** True when all of `bytes` is ASCII. */
  readonly ascii: boolean;
  /** First byte of the message. */
  readonly start: number;
  /** Position after its last byte; trailing LF, CR and NUL are not part of it. */
  readonly end: number;
  /** True when the message is not UTF-8; each wrong sequence reads as U+FFFD. */
  readonly invalidUtf8: boolean;
  /** Bytes of the whole message when `bytes` has less of it (it was above the size limit, or the connection ended), else 0. */
  readonly originalLength: number;
  /** 1, 2, … for the pieces of a message that was split for its size, 0 for a message in one piece. */
  readonly part: number;
}

/** A frame that is one whole message. */
class WholeFrame implements SyslogFrame {
  readonly text: string;
  readonly ascii: boolean;
  readonly start = 0;
  readonly invalidUtf8: boolean;
  readonly originalLength = 0;
  readonly part = 0;

  constructor(
    readonly bytes: Buffer,
    readonly end: number,
  ) {
    this.text = bytes.toString('latin1');
    this.ascii = isAscii(bytes);
    this.invalidUtf8 = !this.ascii && !isUtf8(bytes);
  }
}

/**
 * One message that is already separated from its neighbours, as a frame. Trailing LF, CR and NUL are left out.
 *
 * @example
 * builder.add(frameOf('<13>Oct 11 22:14:15 host app: hello'), Date.now(), sender);
 */
export function frameOf(message: Uint8Array | string): SyslogFrame {
  const bytes = typeof message === 'string' ? Buffer.from(message) : asBuffer(message);
  return new WholeFrame(bytes, trimmedEnd(bytes, 0, bytes.length));
}

/** The bytes as a Buffer over the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The end of a message without its trailing LF, CR and NUL bytes. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  while (end > start) {
    const last = bytes[end - 1];
    if (last !== 0x0a && last !== 0x0d && last !== 0x00) break;
    end--;
  }
  return end;
}
