/**
 * What a quoted text shows escaped: quotes, backslashes, and whatever a reader could not see or tell apart (control,
 * format and unassigned characters, blanks other than the space, marks that join the character before them).
 */
const ESCAPED = /["\\]|\p{C}|[\p{Zl}\p{Zp}]|(?! )\p{Zs}|\p{Grapheme_Extend}/gu;

const SHORT_ESCAPES = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\0', '\\0'],
]);

/**
 * A text in double quotes as failures quote what they were given.
 *
 * @example quotedText('a"b\u00ad') // '"a\\"b\\u{ad}"'
 */
export function quotedText(text: string): string {
  const escaped = text.replace(
    ESCAPED,
    (char) => SHORT_ESCAPES.get(char) ?? `\\u{${(char.codePointAt(0) as number).toString(16)}}`,
  );
  return `"${escaped}"`;
}
