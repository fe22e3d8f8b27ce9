import { OtlpDecodeError } from './otlp-decode-error';
import { utf8Text } from './utf8-text';

/** Wire types of protobuf (encoding specification, "Message Structure"). */
export const VARINT = 0;
export const FIXED64 = 1;
export const DELIMITED = 2;
export const START_GROUP = 3;
export const END_GROUP = 4;
export const FIXED32 = 5;

/** Groups inside groups; no OTLP message ever had one, so this is only what keeps a skip within bounds. */
const MAX_GROUP_DEPTH = 32;
const MAX_VARINT_BYTES = 10;
const TWO_32 = 4294967296;

/** Names of a message's fields by field number. */
export type FieldNames = readonly (string | undefined)[];

/**
 * Reads protobuf's wire format. `pos` is the only state: every read starts there and moves it; every read is given the
 * end of the message it belongs to and refuses to go beyond.
 *
 * @throws OtlpDecodeError from every read, with the byte offset
 */
export class WireReader {
  readonly bytes: Buffer;
  pos = 0;
  /** The halves of the 64-bit integer read last. */
  low = 0;
  high = 0;
  readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A field's tag: field number times 8 plus wire type. */
  tag(end: number): number {
    const start = this.pos;
    if (start < end) {
      const byte = this.bytes[start] as number;
      if (byte > 7 && byte < 0x80) {
        this.pos = start + 1;
        return byte;
      }
    }
    this.varint(end);
    const tag = this.low;
    if (this.high !== 0 || tag >>> 3 === 0) {
      throw new OtlpDecodeError('INVALID_TAG', `invalid field tag at byte ${start}`, { offset: start });
    }
    return tag;
  }

  /** Reads a varint into {@link low} and {@link high}. */
  varint(end: number): void {
    const bytes = this.bytes;
    const start = this.pos;
    let pos = start;
    let low = 0;
    let high = 0;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      if (pos >= end) throw this.truncated(start);
      const byte = bytes[pos++] as number;
      const bits = byte & 0x7f;
      if (i < 4) low |= bits << (7 * i);
      else if (i > 4) high |= bits << (7 * i - 32);
      else {
        low |= bits << 28;
        high = bits >>> 4;
      }
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        this.pos = pos;
        return;
      }
    }
    throw new OtlpDecodeError('INVALID_VARINT', `integer of more than ${MAX_VARINT_BYTES} bytes at byte ${start}`, {
      offset: start,
    });
  }

  /** A varint's low 32 bits, unsigned; protobuf reads 32-bit integers so. */
  uint32(end: number): number {
    const pos = this.pos;
    if (pos < end) {
      const byte = this.bytes[pos] as number;
      if (byte < 0x80) {
        this.pos = pos + 1;
        return byte;
      }
    }
    this.varint(end);
    return this.low;
  }

  /** Reads the length of a delimited field and returns the offset of its end; its content starts at {@link pos}. */
  delimitedEnd(end: number): number {
    const start = this.pos;
    let length: number;
    if (start < end && (this.bytes[start] as number) < 0x80) {
      length = this.bytes[start] as number;
      this.pos = start + 1;
    } else {
      this.varint(end);
      length = this.high * TWO_32 + this.low;
    }
    const fieldEnd = this.pos + length;
    if (fieldEnd > end) throw this.truncated(start);
    return fieldEnd;
  }

  /** A string field's content. */
  text(end: number): string {
    const textEnd = this.delimitedEnd(end);
    const text = utf8Text(this.bytes, this.pos, textEnd);
    this.pos = textEnd;
    return text;
  }

  /** Reads a 64-bit integer of fixed size into {@link low} and {@link high}. */
  fixed64(end: number): void {
    const pos = this.pos;
    if (pos + 8 > end) throw this.truncated(pos);
    this.low = this.view.getUint32(pos, true);
    this.high = this.view.getUint32(pos + 4, true);
    this.pos = pos + 8;
  }

  fixed32(end: number): number {
    const pos = this.pos;
    if (pos + 4 > end) throw this.truncated(pos);
    this.pos = pos + 4;
    return this.view.getUint32(pos, true);
  }

  double(end: number): number {
    const pos = this.pos;
    if (pos + 8 > end) throw this.truncated(pos);
    this.pos = pos + 8;
    return this.view.getFloat64(pos, true);
  }

  /** Skips the field whose tag was read last. */
  skip(tag: number, end: number): void {
    const start = this.pos;
    switch (tag & 7) {
      case VARINT:
        this.varint(end);
        break;
      case FIXED64:
        this.#advance(8, end);
        break;
      case DELIMITED:
        this.pos = this.delimitedEnd(end);
        break;
      case START_GROUP:
        this.#skipGroup(tag >>> 3, end);
        break;
      case FIXED32:
        this.#advance(4, end);
        break;
      case END_GROUP:
        throw new OtlpDecodeError('INVALID_GROUP', `end of a group that was not begun, before byte ${start}`, {
          offset: start,
        });
      default:
        throw new OtlpDecodeError('INVALID_TAG', `unknown wire type ${tag & 7} before byte ${start}`, {
          offset: start,
        });
    }
  }

  /**
   * Skips a field that the message does not know.
   *
   * @param known names of the message's fields by number: such a field comes here only with a wire type of another
   *   type, which is an error
   */
  skipUnknown(tag: number, end: number, known: FieldNames): void {
    const name = known[tag >>> 3];
    if (name !== undefined) {
      throw new OtlpDecodeError('WRONG_WIRE_TYPE', `${name} with wire type ${tag & 7} before byte ${this.pos}`, {
        offset: this.pos,
      });
    }
    this.skip(tag, end);
  }

  truncated(offset: number): OtlpDecodeError {
    return new OtlpDecodeError('TRUNCATED', `field reaches beyond the end of its message at byte ${offset}`, {
      offset,
    });
  }

  #advance(bytes: number, end: number): void {
    if (this.pos + bytes > end) throw this.truncated(this.pos);
    this.pos += bytes;
  }

  #skipGroup(fieldNumber: number, end: number): void {
    const start = this.pos;
    const open = [fieldNumber];
    while (open.length > 0) {
      if (this.pos >= end || open.length > MAX_GROUP_DEPTH) {
        throw new OtlpDecodeError('INVALID_GROUP', `group not closed, or nested too deep, at byte ${start}`, {
          offset: start,
        });
      }
      const tag = this.tag(end);
      const type = tag & 7;
      if (type === START_GROUP) open.push(tag >>> 3);
      else if (type !== END_GROUP) this.skip(tag, end);
      else if (open.pop() !== tag >>> 3) {
        throw new OtlpDecodeError('INVALID_GROUP', `end of another group before byte ${this.pos}`, {
          offset: this.pos,
        });
      }
    }
  }
}
