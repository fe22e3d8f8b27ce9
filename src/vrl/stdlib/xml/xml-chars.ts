/** White space as XML has it. */
export function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

/** Characters that XML allows (section 2.2). */
export function isXmlChar(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d;
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

const NAME_START =
  /[A-Z_a-z:\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{2ff}\u{370}-\u{37d}\u{37f}-\u{1fff}\u{200c}-\u{200d}\u{2070}-\u{218f}\u{2c00}-\u{2fef}\u{3001}-\u{d7ff}\u{f900}-\u{fdcf}\u{fdf0}-\u{fffd}\u{10000}-\u{effff}]/u;
const NAME_CHAR = /[\u{300}-\u{36f}.0-9\u{b7}\u{203f}-\u{2040}-]/u;

/** May a name start with the character (section 2.3)? */
export function isNameStart(code: number | undefined): boolean {
  if (code === undefined) return false;
  if (code < 0x80)
    return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code === 0x3a;
  return NAME_START.test(String.fromCodePoint(code));
}

/** May the character be in a name? */
export function isNameChar(code: number | undefined): boolean {
  if (isNameStart(code)) return true;
  return code !== undefined && NAME_CHAR.test(String.fromCodePoint(code));
}

/** A character that XML does not allow, as messages show it. */
export function quotedChar(code: number): string {
  return code === 0 ? "'\\0'" : `'\\u{${code.toString(16)}}'`;
}
