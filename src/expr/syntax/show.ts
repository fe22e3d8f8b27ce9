/** What is not shown as it is: quotes, backslashes, and whatever is no letter, mark, digit, sign or plain space. */
const HIDDEN = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
]);

/** The text in quotes as messages show it. */
export function showText(text: string): string {
  return `"${text.replace(HIDDEN, (character) => SHORT.get(character) ?? escapeOf(character))}"`;
}

/** The number of a character and, where it can be seen, the character. */
export function showCharacter(code: number): string {
  const character = String.fromCodePoint(code);
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  const visible = /["\\]/.test(character) || character.search(HIDDEN) < 0;
  return visible ? `${number} '${character}'` : number;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x80) return `\\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}
