import { digitValue } from '../syntax/characters';
import { MAX_CODE_POINT, negate, type CodeRanges } from './code-ranges';
import { foldCase } from './case-folding';
import { PERL_CLASSES, unicodeClass } from './named-classes';
import { PatternError } from './pattern-error';

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

export interface EscapedCode {
  readonly code: number;
  readonly end: number;
}

export interface EscapedClass {
  readonly ranges: CodeRanges;
  readonly end: number;
}

/** Reads an escape that stands for one character; `at` is the offset of the backslash. */
export function readEscapedCode(pattern: string, at: number): EscapedCode {
  const letter = pattern.charAt(at + 1);
  const control = CONTROLS.get(letter);
  if (control !== undefined) return { code: control, end: at + 2 };
  if (letter >= '0' && letter <= '7') return readOctal(pattern, at);
  if (letter === 'x') return readHex(pattern, at);
  if (letter === '') throw new PatternError('trailing backslash at end of expression', '', at);
  const code = letter.charCodeAt(0);
  if (code >= 0x80 || /[A-Za-z0-9]/.test(letter)) throw badEscape(pattern, at, at + 2);
  return { code, end: at + 2 };
}

/** `\0`, `\07`, `\123`. A single digit other than 0 would be a backreference. */
function readOctal(pattern: string, at: number): EscapedCode {
  const isOctal = (offset: number): boolean => /[0-7]/.test(pattern.charAt(offset));
  if (pattern.charAt(at + 1) !== '0' && !isOctal(at + 2)) {
    throw badEscape(pattern, at, at + 2);
  }
  let end = at + 2;
  while (end < at + 4 && isOctal(end)) end++;
  return { code: parseInt(pattern.slice(at + 1, end), 8), end };
}

/** `\x41`, `\x{1F600}`. */
function readHex(pattern: string, at: number): EscapedCode {
  const braced = pattern.charAt(at + 2) === '{';
  const from = braced ? at + 3 : at + 2;
  const to = braced ? pattern.indexOf('}', from) : from + 2;
  const digits = to < 0 ? '' : pattern.slice(from, to);
  let code = 0;
  for (const [index, digit] of Array.from(digits).entries()) {
    const value = digitValue(digit.charCodeAt(0));
    // Without braces two characters are read before either is looked at.
    if (value < 0) throw badEscape(pattern, at, braced ? from + index + 1 : from + 2);
    code = Math.min(MAX_CODE_POINT + 1, code * 16 + value);
  }
  if (digits.length < (braced ? 1 : 2)) throw badEscape(pattern, at, Math.max(to, from) + 1);
  if (code > MAX_CODE_POINT) throw badEscape(pattern, at, to);
  return { code, end: braced ? to + 1 : to };
}

function badEscape(pattern: string, at: number, end: number): PatternError {
  return new PatternError('invalid escape sequence', pattern.slice(at, end), at);
}

/** Reads `\d`, `\W`, `\pL`, `\P{Greek}` and the like; undefined when the escape is no class. */
export function readEscapedClass(pattern: string, at: number, fold: boolean): EscapedClass | undefined {
  const letter = pattern.charAt(at + 1);
  const perl = PERL_CLASSES.get(letter.toLowerCase());
  if (perl !== undefined) return { ranges: signed(perl, letter !== letter.toLowerCase(), fold), end: at + 2 };
  if (letter !== 'p' && letter !== 'P') return undefined;
  const { name, end } = readName(pattern, at);
  const inverted = name.startsWith('^');
  const ranges = propertyRanges(inverted ? name.slice(1) : name, (letter === 'P') !== inverted, fold);
  if (ranges === undefined) throw new PatternError('invalid character class range', pattern.slice(at, end), at);
  return { ranges, end };
}

/** Sets made from properties: a few for each name that there is. */
const properties = new Map<string, CodeRanges>();

function propertyRanges(name: string, negated: boolean, fold: boolean): CodeRanges | undefined {
  const key = `${name}:${negated}:${fold}`;
  const kept = properties.get(key);
  if (kept !== undefined) return kept;
  const ranges = unicodeClass(name);
  if (ranges === undefined) return undefined;
  const made = signed(ranges, negated, fold);
  properties.set(key, made);
  return made;
}

function readName(pattern: string, at: number): { readonly name: string; readonly end: number } {
  if (pattern.charAt(at + 2) !== '{') {
    const name = String.fromCodePoint(pattern.codePointAt(at + 2) ?? 0);
    return { name, end: at + 2 + name.length };
  }
  const close = pattern.indexOf('}', at);
  if (close < 0) throw new PatternError('invalid character class range', pattern.slice(at), at);
  return { name: pattern.slice(at + 3, close), end: close + 1 };
}

/** The set with case folded where asked for, then negated where asked for. */
export function signed(ranges: CodeRanges, negated: boolean, fold: boolean): CodeRanges {
  const folded = fold ? foldCase(ranges) : ranges;
  return negated ? negate(folded) : folded;
}
