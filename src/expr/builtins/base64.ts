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
    if (decoded === undefined) throw valueError('fromBase64', 'the text is not base64', at);
    return decoded;
  }),
];
