import { bytesOf } from '../../value/bytes';

/** ASCII characters that a set encodes; what lies beyond ASCII always is. */
type AsciiSet = ReadonlySet<number>;

function setOf(base: AsciiSet, characters: string): AsciiSet {
  return new Set([...base, ...bytesOf(characters)]);
}

/** C0 controls and DEL. */
const CONTROLS: AsciiSet = new Set([...Array(32).keys(), 127]);

const FRAGMENT = setOf(CONTROLS, ' "<>`');
const QUERY = setOf(CONTROLS, ' "#<>');
const SPECIAL = setOf(QUERY, "'");
const PATH = setOf(QUERY, '?`{}');
const USERINFO = setOf(PATH, '/:;=@[\\]^|');
const COMPONENT = setOf(USERINFO, '$%&+,');
const WWW_FORM_URLENCODED = setOf(COMPONENT, "!'()~");
const NON_ALPHANUMERIC = setOf(WWW_FORM_URLENCODED, '*-._');

export const ASCII_SET_NAMES = [
  'NON_ALPHANUMERIC',
  'CONTROLS',
  'FRAGMENT',
  'QUERY',
  'SPECIAL',
  'PATH',
  'USERINFO',
  'COMPONENT',
  'WWW_FORM_URLENCODED',
] as const;

/** Percent-encode sets of the URL standard (section 1.3), and one of everything but letters and digits. */
const SETS: Readonly<Record<(typeof ASCII_SET_NAMES)[number], AsciiSet>> = {
  NON_ALPHANUMERIC,
  CONTROLS,
  FRAGMENT,
  QUERY,
  SPECIAL,
  PATH,
  USERINFO,
  COMPONENT,
  WWW_FORM_URLENCODED,
};

/** For each byte its form in a set's encoding. */
function tableOf(set: AsciiSet): readonly string[] {
  return Array.from({ length: 256 }, (_, byte) =>
    byte < 128 && !set.has(byte) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/** A function that encodes with one of the sets. */
export function percentEncoder(name: (typeof ASCII_SET_NAMES)[number]): (text: string) => string {
  const table = tableOf(SETS[name]);
  return (text) => {
    const bytes = bytesOf(text);
    if (bytes.length > MAX_JOINED_BYTES) return encodeLong(bytes, table);
    let encoded = '';
    for (const byte of bytes) encoded += table[byte];
    return encoded;
  };
}

/** Longest text that is joined byte by byte: beyond it the pieces take more memory than the text. */
const MAX_JOINED_BYTES = 1024;

function encodeLong(bytes: Uint8Array, table: readonly string[]): string {
  const encoded = new Uint8Array(bytes.length * 3);
  let length = 0;
  for (const byte of bytes) {
    const form = table[byte] as string;
    for (let i = 0; i < form.length; i++) encoded[length++] = form.charCodeAt(i);
  }
  return new TextDecoder().decode(encoded.subarray(0, length));
}

const ENCODED = /%[0-9a-fA-F]{2}/;
const PERCENT = 0x25;

/** The bytes that the text stands for; a percent sign without two hexadecimal digits stays as it is. */
export function decodePercent(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i] as number;
    const value = byte === PERCENT ? hexValue(text, i + 1) : undefined;
    bytes[length++] = value ?? byte;
    if (value !== undefined) i += 2;
  }
  return bytes.subarray(0, length);
}

function hexValue(text: Uint8Array, at: number): number | undefined {
  const digits = String.fromCharCode(text[at] ?? 0, text[at + 1] ?? 0);
  return ENCODED.test(`%${digits}`) ? parseInt(digits, 16) : undefined;
}
