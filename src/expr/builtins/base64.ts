import { STRING } from '../types/static-type';
import { decodeUtf8, encodeUtf8 } from '../value/utf8';
import { define, TEXT, textAt, valueError, type Builtin } from './definition';

const ALPHABET = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Bytes handed to `fromCharCode` at once: far below the engine's limit on arguments. */
const CHUNK_BYTES = 8192;

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  }
  return btoa(binary);
}

/** Line ends within the text are skipped; anything else that is not of the alphabet, or bad padding, gives undefined. */
function decodeBase64(text: string): string | undefined {
  const plain = text.replace(/[\r\n]/g, '');
  if (!ALPHABET.test(plain)) return undefined;
  return decodeUtf8(Uint8Array.from(atob(plain), (character) => character.charCodeAt(0)));
}

/** Where a decoder that reads in groups of four gives up. */
function badByte(text: string): number {
  let place = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\r' || character === '\n') continue;
    if (!/[A-Za-z0-9+/]/.test(character)) return place >= 2 && character === '=' ? badPadding(text, at, place) : at;
    place = (place + 1) % 4;
  }
  return text.length - place;
}

/** Behind padding nothing but the rest of the padding may stand. */
function badPadding(text: string, at: number, place: number): number {
  let end = at + 1;
  if (place === 2) {
    while (text[end] === '\r' || text[end] === '\n') end++;
    if (text[end] !== '=') return end >= text.length ? text.length : end - 1;
    end++;
  }
  while (text[end] === '\r' || text[end] === '\n') end++;
  return end;
}

export const BASE64_BUILTINS: readonly Builtin[] = [
  define('toBase64', { parameters: [TEXT], result: STRING }, (args, frame, at) => {
    const bytes = encodeUtf8(textAt(args, 0));
    frame.chargeText(2 * bytes.length, at);
    return encodeBase64(bytes);
  }),
  define('fromBase64', { parameters: [TEXT], result: STRING }, (args, frame, at) => {
    const text = textAt(args, 0);
    frame.chargeText(text.length, at);
    const decoded = decodeBase64(text);
    if (decoded === undefined) throw valueError(`illegal base64 data at input byte ${badByte(text)}`, at);
    return decoded;
  }),
];
