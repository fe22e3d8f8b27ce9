import { OtlpDecodeError, type OtlpDecodeErrorCode } from './otlp-decode-error';

/** A parsed JSON object; only read by the names of protobuf fields, none of which Object.prototype has. */
export type JsonObject = Readonly<Record<string, unknown>>;

const MAX_UINT32 = 4294967295;
const MIN_INT32 = -2147483648;
const MAX_INT32 = 2147483647;
const MAX_UINT64_TEXT = '18446744073709551615';
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

const INTEGER = /^-?\d{1,32}$/;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const HEX = /^(?:[0-9a-fA-F]{2})*$/;
/** Both alphabets, with or without padding, as the protobuf JSON mapping accepts them. */
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * Reads values of the protobuf JSON mapping and remembers where in the message it is, so that an error can name the
 * path. JSON null counts as absent everywhere, as the mapping says.
 *
 * @throws OtlpDecodeError `WRONG_TYPE`, `OUT_OF_RANGE` or `INVALID_VALUE` with the path, from every read
 */
export class JsonReader {
  /** Field names and indexes that lead to the present value: the first {@link depth} entries. */
  readonly #path: (string | number)[] = [];
  depth = 0;

  /** Steps into a field or element; {@link leave} steps out again. */
  enter(step: string | number): void {
    this.#path[this.depth++] = step;
  }

  leave(): void {
    this.depth--;
  }

  /** Steps to the next element of the list entered last. */
  moveTo(index: number): void {
    this.#path[this.depth - 1] = index;
  }

  /** The present path, e.g. `resourceLogs[0].scopeLogs[0]`. */
  get path(): string {
    let path = '';
    for (let i = 0; i < this.depth; i++) {
      const step = this.#path[i] as string | number;
      if (typeof step === 'number') path += `[${step}]`;
      else path += path === '' ? step : `.${step}`;
    }
    return path;
  }

  fail(code: OtlpDecodeErrorCode, expected: string, value: unknown): OtlpDecodeError {
    const path = this.path;
    return new OtlpDecodeError(code, `${path || 'message'}: expected ${expected}, got ${describe(value)}`, { path });
  }

  object(value: unknown): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.fail('WRONG_TYPE', 'an object', value);
    }
    return value as JsonObject;
  }

  /** A list, undefined when absent. */
  list(value: unknown): readonly unknown[] | undefined {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw this.fail('WRONG_TYPE', 'an array', value);
    return value;
  }

  /** A string, "" when absent. */
  text(value: unknown, name: string): string {
    if (typeof value === 'string') return value;
    if (value === undefined || value === null) return '';
    throw this.#failAt(name, 'WRONG_TYPE', 'a string', value);
  }

  /** An unsigned 64-bit integer as decimal text, "0" when absent. */
  uint64(value: unknown, name: string): string {
    if (value === undefined || value === null) return '0';
    const text = this.#integerText(value, name);
    // Longer texts compare by length, equal ones digit by digit.
    if (
      text.charCodeAt(0) === 0x2d ||
      text.length > MAX_UINT64_TEXT.length ||
      (text.length === MAX_UINT64_TEXT.length && text > MAX_UINT64_TEXT)
    ) {
      throw this.#failAt(name, 'OUT_OF_RANGE', `an integer from 0 to ${MAX_UINT64_TEXT}`, value);
    }
    return text;
  }

  /** A signed 64-bit integer as decimal text. */
  int64(value: unknown, name: string): string {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    const text = this.#integerText(value, name);
    const integer = BigInt(text);
    if (integer < MIN_INT64 || integer > MAX_INT64) {
      throw this.#failAt(name, 'OUT_OF_RANGE', `an integer from ${MIN_INT64} to ${MAX_INT64}`, value);
    }
    return text;
  }

  /** An unsigned 32-bit integer, 0 when absent. */
  uint32(value: unknown, name: string): number {
    return this.#int(value, name, 0, MAX_UINT32);
  }

  /** A signed 32-bit integer, 0 when absent. */
  int32(value: unknown, name: string): number {
    return this.#int(value, name, MIN_INT32, MAX_INT32);
  }

  boolean(value: unknown, name: string): boolean {
    if (typeof value !== 'boolean') throw this.#failAt(name, 'WRONG_TYPE', 'true or false', value);
    return value;
  }

  /** A double, which may be given as text, NaN and the infinities always are. */
  double(value: unknown, name: string): number {
    if (typeof value === 'number') return value;
    if (typeof value !== 'string') throw this.#failAt(name, 'WRONG_TYPE', 'a number', value);
    switch (value) {
      case 'NaN':
        return NaN;
      case 'Infinity':
        return Infinity;
      case '-Infinity':
        return -Infinity;
      default:
        if (!NUMBER.test(value)) throw this.#failAt(name, 'INVALID_VALUE', 'a number, NaN or Infinity', value);
        return Number(value);
    }
  }

  /** Base64 in the standard alphabet with padding, from any base64. */
  base64(value: unknown, name: string): string {
    if (typeof value !== 'string') throw this.#failAt(name, 'WRONG_TYPE', 'base64 text', value);
    if (!BASE64.test(value)) throw this.#failAt(name, 'INVALID_VALUE', 'base64 text', value);
    return Buffer.from(value, 'base64').toString('base64');
  }

  /** Lower-case hex of an id, "" when absent. */
  hex(value: unknown, name: string): string {
    const text = this.text(value, name);
    if (!HEX.test(text)) throw this.#failAt(name, 'INVALID_VALUE', 'hex digits, two for each byte', value);
    return text.toLowerCase();
  }

  #int(value: unknown, name: string, min: number, max: number): number {
    if (value === undefined || value === null) return 0;
    const number = typeof value === 'number' ? value : Number(this.#integerText(value, name));
    if (!Number.isInteger(number) || number < min || number > max) {
      throw this.#failAt(name, 'OUT_OF_RANGE', `an integer from ${min} to ${max}`, value);
    }
    return number;
  }

  /** Decimal text, without leading zeros, of an integer given as number or text. */
  #integerText(value: unknown, name: string): string {
    if (typeof value === 'number') {
      if (Number.isSafeInteger(value)) return String(value);
      if (Number.isInteger(value)) return BigInt(value).toString();
      throw this.#failAt(name, 'OUT_OF_RANGE', 'an integer', value);
    }
    if (typeof value !== 'string') throw this.#failAt(name, 'WRONG_TYPE', 'an integer', value);
    if (!INTEGER.test(value)) throw this.#failAt(name, 'INVALID_VALUE', 'an integer', value);
    const first = value.charCodeAt(0);
    return first === 0x30 || first === 0x2d ? BigInt(value).toString() : value;
  }

  #failAt(name: string, code: OtlpDecodeErrorCode, expected: string, value: unknown): OtlpDecodeError {
    this.enter(name);
    return this.fail(code, expected, value);
  }
}

/** What an error message shows of a value: short, whatever the sender sent. */
const MAX_SHOWN_CHARACTERS = 40;

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
