import type { RegexSyntaxError } from './regex-syntax-error';

/** Around a pattern of several lines, as the language draws it. */
const RULE = '~'.repeat(79);
const INDENT = '    ';

/**
 * A pattern with its mistake marked, as the language's regex library shows it.
 *
 * @example renderRegexError('a)', error) // 'regex parse error:\n    a)\n     ^\nerror: unopened group'
 */
export function renderRegexError(pattern: string, error: RegexSyntaxError): string {
  const before = pattern.slice(0, error.position).split('\n');
  const column = Array.from(before.at(-1) ?? '').length;
  const marks = '^'.repeat(markedLength(pattern.slice(error.position), error.message));
  const lines = pattern.split('\n');
  if (lines.length === 1)
    return `regex parse error:\n${INDENT}${pattern}\n${INDENT}${' '.repeat(column)}${marks}\nerror: ${error.message}`;
  const digits = String(lines.length).length;
  const numbered = lines.flatMap((line, i) => {
    const label = `${String(i + 1).padStart(digits)}: `;
    const text = `${label}${line}`;
    return i === before.length - 1 ? [text, ' '.repeat(label.length + column) + marks] : [text];
  });
  return ['regex parse error:', RULE, ...numbered, RULE, `error: ${error.message}`].join('\n');
}

/** Constructs that are marked whole, by the message; everything else is marked where it begins. */
const MARKED: readonly (readonly [message: string, construct: RegExp])[] = [
  ['unrecognized escape sequence', /^\\[^]/u],
  ['backreferences are not supported', /^\\./u],
  ['look-around, including look-ahead and look-behind, is not supported', /^\(\?<?[=!]/],
  ['Unicode property not found', /^\\[pP](?:\{[^}]*\}|.)/u],
  ['invalid repetition count range, the start must be <= the end', /^\{[^}]*\}/],
  ['hexadecimal literal is not a Unicode scalar value', /^[0-9A-Fa-f]+/],
  ['invalid character class range, the start must be <= the end', /^(?:\\.|[^])-(?:\\.|[^])/u],
];

function markedLength(text: string, message: string): number {
  const construct = MARKED.find(([known]) => known === message)?.[1].exec(text)?.[0];
  return construct === undefined ? 1 : Array.from(construct).length;
}
