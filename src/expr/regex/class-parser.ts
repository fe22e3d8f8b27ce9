import { readEscapedClass, readEscapedCode, signed, type EscapedCode } from './escape';
import { foldCase } from './case-folding';
import { negate, normalize, type CodeRanges } from './code-ranges';
import { POSIX_CLASSES } from './named-classes';
import { PatternError } from './pattern-error';

/** Reads a bracketed class; `start` is the offset of its opening bracket. */
export function readClass(
  pattern: string,
  start: number,
  fold: boolean,
): { readonly ranges: CodeRanges; readonly end: number } {
  const runs: number[] = [];
  const negated = pattern[start + 1] === '^';
  let at = start + (negated ? 2 : 1);
  // A closing bracket that comes first is a character of the class.
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    if (at >= pattern.length) throw new PatternError('missing closing ]', pattern.slice(start), start);
    const named = readPosixClass(pattern, at, fold) ?? readClassEscape(pattern, at, fold);
    if (named !== undefined) {
      runs.push(...named.ranges);
      at = named.end;
      continue;
    }
    const low = readMember(pattern, at);
    const high = readRangeEnd(pattern, low.end) ?? low;
    if (high.code < low.code) throw new PatternError('invalid character class range', pattern.slice(at, high.end), at);
    runs.push(...(fold ? foldCase([low.code, high.code]) : [low.code, high.code]));
    at = high.end;
  }
  const ranges = normalize(runs);
  return { ranges: negated ? negate(ranges) : ranges, end: at + 1 };
}

function readClassEscape(pattern: string, at: number, fold: boolean): ReturnType<typeof readEscapedClass> {
  return pattern[at] === '\\' ? readEscapedClass(pattern, at, fold) : undefined;
}

/** `-x` behind a character; a hyphen before the closing bracket stands for itself. */
function readRangeEnd(pattern: string, at: number): EscapedCode | undefined {
  if (pattern[at] !== '-' || at + 1 >= pattern.length || pattern[at + 1] === ']') return undefined;
  return readMember(pattern, at + 1);
}

function readMember(pattern: string, at: number): EscapedCode {
  if (pattern[at] === '\\') return readEscapedCode(pattern, at);
  const code = pattern.codePointAt(at) ?? 0;
  return { code, end: at + (code > 0xffff ? 2 : 1) };
}

/** `[:alpha:]` and `[:^alpha:]`. What has no `:]` behind it is no such class but plain characters. */
function readPosixClass(pattern: string, at: number, fold: boolean): ReturnType<typeof readEscapedClass> {
  if (!pattern.startsWith('[:', at)) return undefined;
  const close = pattern.indexOf(':]', at + 2);
  if (close < 0) return undefined;
  const written = pattern.slice(at + 2, close);
  const inverted = written.startsWith('^');
  const ranges = POSIX_CLASSES.get(inverted ? written.slice(1) : written);
  if (ranges === undefined) throw new PatternError('invalid character class range', `[:${written}:]`, at);
  return { ranges: signed(ranges, inverted, fold), end: close + 2 };
}
