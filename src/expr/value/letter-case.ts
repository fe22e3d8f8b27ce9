import { isAscii } from './utf8';

/** İ has a lower case of two characters; alone it maps to i. */
const DOTTED_I = 'İ';

/** Lower case, each character by itself and to one character: no final sigma, no locale. */
export function toLower(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  let result = '';
  for (const character of text) result += character === DOTTED_I ? 'i' : oneFor(character, character.toLowerCase());
  return result;
}

/** Upper case, each character by itself and to one character: ß stays. */
export function toUpper(text: string): string {
  if (isAscii(text)) return text.toUpperCase();
  let result = '';
  for (const character of text) result += upperOf(character);
  return result;
}

function upperOf(character: string): string {
  const code = character.charCodeAt(0);
  // Greek letters with an iota below become two in upper case; the single counterpart stands eight or nine further on.
  if (code >= 0x1f80 && code <= 0x1faf) return (code & 8) === 0 ? String.fromCharCode(code + 8) : character;
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCharCode(code + 9);
  return oneFor(character, character.toUpperCase());
}

/** The mapped text where it is one character, else the character as it was. */
function oneFor(character: string, mapped: string): string {
  const code = mapped.codePointAt(0) ?? 0;
  return mapped.length === (code > 0xffff ? 2 : 1) ? mapped : character;
}
