import { encodeUtf8 } from '../value/utf8';

const UNSAFE = /["\\]|[^ -\x7f]/gu;

/** The text in quotes as the reference's errors about times show it: what is not ASCII by its UTF-8 bytes. */
export function quoteBytes(text: string): string {
  return `"${text.replace(UNSAFE, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : bytesOf(character),
  )}"`;
}

function bytesOf(character: string): string {
  return Array.from(encodeUtf8(character), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}
