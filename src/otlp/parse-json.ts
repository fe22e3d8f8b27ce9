import { OtlpDecodeError } from './otlp-decode-error';

/** Digits from which on a double may not hold an integer exactly (2^53 has 16). */
const MIN_UNSAFE_DIGITS = 16;
/** Finds what may be such an integer; strings may hold the like, so this is only a reason to look closely. */
const MAYBE_UNSAFE_INTEGER = /[:,[\s]-?\d{16}/;
const BYTE_ORDER_MARK = 0xfeff;

const SPACE = 0x20;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const UPPER_E = 0x45;
const LOWER_E = 0x65;

/**
 * JSON.parse that keeps integers which a double cannot hold: those become strings of their digits, the form that the
 * protobuf JSON mapping has for 64-bit integers anyway. A leading byte order mark is skipped.
 *
 * @throws OtlpDecodeError `INVALID_JSON`, with the offset in UTF-16 units where the parser tells it
 *
 * @example parseJson('{"intValue":9007199254740993}'); // { intValue: '9007199254740993' }
 */
export function parseJson(input: string | Uint8Array): unknown {
  let text = typeof input === 'string' ? input : bufferOf(input).toString('utf8');
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) text = text.slice(1);
  try {
    return JSON.parse(MAYBE_UNSAFE_INTEGER.test(text) ? quoteUnsafeIntegers(text) : text);
  } catch {
    throw invalidJson(text);
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function invalidJson(text: string): OtlpDecodeError {
  let message = 'not JSON';
  try {
    // Once more on the text as it came, whose offsets are those that the sender knows.
    JSON.parse(text);
  } catch (error) {
    message = (error as Error).message;
  }
  const position = /position (\d+)/.exec(message)?.[1];
  return new OtlpDecodeError('INVALID_JSON', `invalid JSON: ${message}`, {
    offset: position === undefined ? undefined : Number(position),
  });
}

/** Puts quotes around every integer of 16 digits or more; one pass that steps over strings. */
function quoteUnsafeIntegers(text: string): string {
  let quoted = '';
  let copied = 0;
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(text, i + 1);
    } else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, i + 1);
      const firstDigit = code === MINUS ? i + 1 : i;
      if (end - firstDigit >= MIN_UNSAFE_DIGITS && isPlainInteger(text, firstDigit, end) && !isKey(text, end)) {
        quoted += `${text.slice(copied, i)}"${text.slice(i, end)}"`;
        copied = end;
      }
      i = end;
    } else {
      i++;
    }
  }
  return quoted + text.slice(copied);
}

/** Offset behind the quote that closes the string whose first character is at `start`. */
function endOfString(text: string, start: number): number {
  let i = start;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i + 1;
    i += code === BACKSLASH ? 2 : 1;
  }
  return i;
}

function endOfNumber(text: string, start: number): number {
  let i = start;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    const partOfNumber =
      isDigit(code) || code === DOT || code === LOWER_E || code === UPPER_E || code === PLUS || code === MINUS;
    if (!partOfNumber) return i;
    i++;
  }
  return i;
}

/** Digits only, and no leading zero: what JSON would refuse stays as it is, to be refused. */
function isPlainInteger(text: string, start: number, end: number): boolean {
  if (text.charCodeAt(start) === ZERO) return false;
  for (let i = start; i < end; i++) {
    if (!isDigit(text.charCodeAt(i))) return false;
  }
  return true;
}

/** A number where a key belongs is an error that quotes must not hide. */
function isKey(text: string, end: number): boolean {
  let i = end;
  while (i < text.length && text.charCodeAt(i) <= SPACE) i++;
  return text.charCodeAt(i) === COLON;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
