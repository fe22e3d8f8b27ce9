/** Makes text of bytes of an encoding. */
type Decoder = (bytes: Uint8Array, encoding: string) => string;

type Encoder = (text: string) => Uint8Array;

const encoders = new Map<string, Encoder | undefined>();

/**
 * An encoder for an encoding whose characters are one byte each, made from its decoder; undefined for all others.
 *
 * A character that the encoding lacks becomes a numeric character reference, as in HTML forms.
 */
export function singleByteEncoder(encoding: string, decode: Decoder): Encoder | undefined {
  if (!encoders.has(encoding)) encoders.set(encoding, makeEncoder(encoding, decode));
  return encoders.get(encoding);
}

const BYTE_VALUES = 256;
const REPLACEMENT = '\ufffd';

function makeEncoder(encoding: string, decode: Decoder): Encoder | undefined {
  const bytes = Uint8Array.from({ length: BYTE_VALUES }, (_, byte) => byte);
  const characters = decode(bytes, encoding);
  // Where characters have several bytes, some of these join, or none beyond ASCII stands alone.
  const high = characters.slice(BYTE_VALUES / 2);
  if (characters.length !== BYTE_VALUES || !/[^\ufffd]/.test(high)) return undefined;
  const byteOf = new Map<string, number>();
  for (let byte = 0; byte < BYTE_VALUES; byte++) {
    const character = characters.charAt(byte);
    if (character !== REPLACEMENT && !byteOf.has(character)) byteOf.set(character, byte);
  }
  return (text) => encode(text, byteOf);
}

function encode(text: string, byteOf: ReadonlyMap<string, number>): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const byte = byteOf.get(character);
    if (byte !== undefined) bytes.push(byte);
    else for (const digit of `&#${character.codePointAt(0)};`) bytes.push(digit.charCodeAt(0));
  }
  return Uint8Array.from(bytes);
}
