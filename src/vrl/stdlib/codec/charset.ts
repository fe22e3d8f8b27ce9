import { textOf } from '../../value/bytes';
import { VrlBytes } from '../../value/value';
import { builtIn } from '../node/builtin';
import { singleByteEncoder } from './single-byte';

/** What we call of the iconv-lite library. */
interface Iconv {
  decode(bytes: Uint8Array, encoding: string): string;
  encode(text: string, encoding: string): Uint8Array;
  encodingExists(encoding: string): boolean;
}

let library: Iconv | undefined;

/**
 * The library, loaded when it is first needed: it asks for modules of Node, so that a browser must not load it.
 *
 * @throws Failure when this is not Node
 */
function iconv(): Iconv {
  return (library ??= builtIn('node:module').createRequire(__filename)('iconv-lite') as Iconv);
}

/**
 * The standard's name of an encoding for one of its labels (Encoding Standard section 4.2), such as `windows-1252` for
 * `latin1`; undefined for an unknown label.
 */
export function encodingNamed(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Text out of bytes of an encoding, what is malformed replaced; a byte order mark overrules the label. */
export function decodeText(bytes: Uint8Array, encoding: string): string {
  const marked = byteOrderMark(bytes) ?? encoding;
  return marked === 'windows-1252' ? decodeWindows1252(bytes) : new TextDecoder(marked).decode(bytes);
}

/** What windows-1252 has in place of the control characters 0x80 to 0x9f. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Our own, because Node's decoder (20 to 22) reads these bytes as control characters. */
function decodeWindows1252(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text += byte >= 0x80 && byte <= 0x9f ? WINDOWS_1252.charAt(byte - 0x80) : String.fromCharCode(byte);
  }
  return text;
}

function byteOrderMark(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : undefined;
}

/** Encodings that the standard only decodes; it encodes UTF-8 instead. */
const DECODE_ONLY: ReadonlySet<string> = new Set(['utf-8', 'utf-16le', 'utf-16be', 'replacement']);

/** Bytes of an encoding; a character that it lacks becomes a numeric character reference, as in HTML forms. */
export function encodeText(text: string, encoding: string): Uint8Array {
  if (DECODE_ONLY.has(encoding)) return new TextEncoder().encode(text);
  const singleByte = singleByteEncoder(encoding, decodeText);
  if (singleByte !== undefined) return singleByte(text);
  const { decode, encode, encodingExists } = iconv();
  if (!encodingExists(encoding)) return new TextEncoder().encode(text);
  const bytes = encode(text, encoding);
  if (decode(bytes, encoding) === text) return bytes;
  // Something is missing. Which it is takes character by character, which only such texts pay for.
  return encode(Array.from(text, (character) => orReference(character, encoding)).join(''), encoding);
}

function orReference(character: string, encoding: string): string {
  const { decode, encode } = iconv();
  return decode(encode(character, encoding), encoding) === character ? character : `&#${character.codePointAt(0)};`;
}

/** Text of bytes that may or may not be valid UTF-8. */
export function lossyText(bytes: Uint8Array): string {
  return textOf(new VrlBytes(bytes));
}
