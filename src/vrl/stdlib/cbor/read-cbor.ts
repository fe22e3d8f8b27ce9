import { stringFromBytes, textOf } from '../../value/bytes';
import { fitsI64, normalizeInteger } from '../../value/integer';
import { emptyObject, VrlFloat, type VrlArray, type VrlObject, type VrlValue } from '../../value/value';

/** What is wrong with the bytes; not an Error, so that it stays cheap. */
export class CborError {
  constructor(readonly message: string) {}
}

/** Items within items. */
const MAX_NESTING = 256;

const BREAK = 0xff;
const INDEFINITE = 31;

/**
 * Reads one data item (RFC 8949); what follows it is left alone. Byte and text strings become strings, tags count for
 * big integers alone, `undefined` is null.
 *
 * @throws CborError
 */
export function readCbor(bytes: Uint8Array): VrlValue {
  return new CborReader(bytes).item(0);
}

class CborReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  item(nesting: number): VrlValue {
    if (nesting > MAX_NESTING) throw new CborError('recursion limit exceeded');
    const initial = this.#take(1);
    const major = initial >> 5;
    const info = initial & 31;
    switch (major) {
      case 0:
        return integer(this.#argument(info));
      case 1:
        return integer(-1n - this.#argument(info));
      case 2:
      case 3:
        return this.#string(major, info, true);
      case 4:
        return this.#array(info, nesting);
      case 5:
        return this.#map(info, nesting);
      case 6:
        return this.#tagged(this.#argument(info), nesting);
      default:
        return this.#simple(info);
    }
  }

  /** The number that goes with an item's first byte. */
  #argument(info: number): bigint {
    if (info < 24) return BigInt(info);
    switch (info) {
      case 24:
        return BigInt(this.#take(1));
      case 25:
        return BigInt(this.#take(2));
      case 26:
        return BigInt(this.#take(4));
      case 27:
        return (BigInt(this.#take(4)) << 32n) | BigInt(this.#take(4));
      default:
        throw this.#syntax();
    }
  }

  /** A length, which cannot exceed what is left: every member takes a byte at least. */
  #length(info: number, bytesEach: number): number {
    const length = this.#argument(info);
    if (length * BigInt(bytesEach) > BigInt(this.#bytes.length - this.#position)) throw this.#end();
    return Number(length);
  }

  #string(major: number, info: number, allowParts: boolean): string | VrlValue {
    if (info === INDEFINITE && allowParts) return this.#stringParts(major);
    const length = this.#length(info, 1);
    const start = this.#position;
    this.#position += length;
    const value = stringFromBytes(this.#bytes.slice(start, this.#position));
    if (major === 3 && typeof value !== 'string') throw this.#syntax();
    return value;
  }

  #stringParts(major: number): VrlValue {
    const parts: number[] = [];
    while (!this.#takeBreak()) {
      const initial = this.#take(1);
      if (initial >> 5 !== major) throw this.#syntax();
      const length = this.#length(initial & 31, 1);
      for (let i = 0; i < length; i++) parts.push(this.#bytes[this.#position++] as number);
    }
    const value = stringFromBytes(Uint8Array.from(parts));
    if (major === 3 && typeof value !== 'string') throw this.#syntax();
    return value;
  }

  #array(info: number, nesting: number): VrlArray {
    const array: VrlArray = [];
    if (info === INDEFINITE) {
      while (!this.#takeBreak()) array.push(this.item(nesting + 1));
      return array;
    }
    const length = this.#length(info, 1);
    for (let i = 0; i < length; i++) array.push(this.item(nesting + 1));
    return array;
  }

  #map(info: number, nesting: number): VrlObject {
    const object = emptyObject();
    if (info === INDEFINITE) {
      while (!this.#takeBreak()) this.#member(object, nesting);
      return object;
    }
    const length = this.#length(info, 2);
    for (let i = 0; i < length; i++) this.#member(object, nesting);
    return object;
  }

  #member(object: VrlObject, nesting: number): void {
    const initial = this.#bytes[this.#position] ?? 0;
    const major = initial >> 5;
    if (major !== 2 && major !== 3) throw new CborError('invalid type: map key, expected a string');
    const key = this.item(nesting + 1);
    object[textOf(key as string)] = this.item(nesting + 1);
  }

  #tagged(tag: bigint, nesting: number): VrlValue {
    const isBignum = tag === 2n || tag === 3n;
    const start = this.#position;
    const value = this.item(nesting + 1);
    if (!isBignum || (this.#bytes[start] as number) >> 5 !== 2) return value;
    let magnitude = 0n;
    for (const byte of this.#bytes.subarray(start + headLength(this.#bytes[start] as number), this.#position)) {
      magnitude = (magnitude << 8n) | BigInt(byte);
    }
    return integer(tag === 2n ? magnitude : -1n - magnitude);
  }

  #simple(info: number): VrlValue {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 22:
      case 23:
        return null;
      case 25:
        return float(halfFloat(this.#take(2)));
      case 26:
        this.#need(4);
        this.#position += 4;
        return float(this.#view.getFloat32(this.#position - 4));
      case 27:
        this.#need(8);
        this.#position += 8;
        return float(this.#view.getFloat64(this.#position - 8));
      default:
        throw this.#syntax();
    }
  }

  #takeBreak(): boolean {
    if (this.#position >= this.#bytes.length) throw this.#end();
    if (this.#bytes[this.#position] !== BREAK) return false;
    this.#position++;
    return true;
  }

  /** Takes some bytes as an unsigned integer. */
  #take(count: 1 | 2 | 4): number {
    this.#need(count);
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 256 + (this.#bytes[this.#position++] as number);
    return value;
  }

  #need(count: number): void {
    if (this.#position + count > this.#bytes.length) throw this.#end();
  }

  #end(): CborError {
    return new CborError('failed to fill whole buffer');
  }

  #syntax(): CborError {
    return new CborError(`syntax error at offset ${this.#position}`);
  }
}

/** Bytes of an item's head: the first and those of its argument. */
function headLength(initial: number): number {
  const info = initial & 31;
  return info < 24 ? 1 : 1 + 2 ** (info - 24);
}

function integer(value: bigint): VrlValue {
  return fitsI64(value) ? normalizeInteger(value) : new VrlFloat(Number(value));
}

/** A float; NaN, which the language does not have, is zero. */
function float(value: number): VrlFloat {
  return new VrlFloat(Number.isNaN(value) ? 0 : value);
}

/** A float of 16 bits (IEEE 754 binary16). */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
