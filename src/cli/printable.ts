/**
 * Text that cannot steer a terminal: control characters (C0, DEL, C1) are written as escapes. Log records hold whatever
 * a stranger sent.
 *
 * @example
 * printable('a\u001b[2Jb'); // 'a\\x1b[2Jb'
 */
export function printable(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, escapeControl);
}

function escapeControl(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
