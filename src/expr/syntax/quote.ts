const SPECIAL = /["\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const SHORT: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** The text as a string literal of the language. */
export function quote(text: string): string {
  return `"${text.replace(SPECIAL, (character) => SHORT.get(character) ?? escapeOf(character))}"`;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // A lone surrogate has no escape and stands for itself.
  if (code >= 0xd800 && code <= 0xdfff) return character;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
