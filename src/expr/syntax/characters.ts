const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}]$/u;

/** White space of the language: Unicode's White_Space property (not quite JavaScript's `\s`). */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x80) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** ASCII decimal digit. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Value of a digit in bases up to 16, or -1. */
export function digitValue(code: number): number {
  if (isDigit(code)) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1;
}

/** What an identifier is made of: letters, digits, `_` and `$`. */
export function isNameCharacter(code: number): boolean {
  if (code < 0x80) {
    const lower = code | 0x20;
    return (lower >= 0x61 && lower <= 0x7a) || isDigit(code) || code === 0x5f || code === 0x24;
  }
  return LETTER_OR_DIGIT.test(String.fromCodePoint(code));
}

/** What an identifier may begin with: as {@link isNameCharacter}, ASCII digits excepted. */
export function isNameStart(code: number): boolean {
  return !isDigit(code) && isNameCharacter(code);
}

/** Whether the whole text is one identifier. */
export function isName(text: string): boolean {
  let first = true;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (!(first ? isNameStart(code) : isNameCharacter(code))) return false;
    first = false;
  }
  return !first;
}
