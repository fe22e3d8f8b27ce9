import { negate, normalize, within, type CodeRanges } from './code-ranges';
import type { Assertion, PatternNode } from './tree';

const LAST_UNIT = 0xffff;
const FIRST_HIGH = 0xd800;
const LAST_HIGH = 0xdbff;
const FIRST_LOW = 0xdc00;
const LAST_LOW = 0xdfff;
const ASTRAL: CodeRanges = [0x10000, 0x10ffff];

/**
 * The pattern as a regular expression of the host that needs no flags: case is folded already, characters beyond 16 bits
 * are spelled as pairs, and the anchors of lines as conditions on newlines alone.
 */
export function nativeSource(root: PatternNode): string {
  return emit(root, true, true);
}

/** `first` and `last` tell whether nothing of the pattern stands before or behind the node. */
function emit(node: PatternNode, first: boolean, last: boolean): string {
  switch (node.kind) {
    case 'empty':
      return '(?:)';
    case 'class':
      return classSource(node.ranges);
    case 'assertion':
      return assertionSource(node.assertion, first, last);
    case 'sequence':
      return node.parts
        .map((part, at) => emit(part, first && at === 0, last && at === node.parts.length - 1))
        .map((source, at) => (node.parts[at]?.kind === 'choice' ? `(?:${source})` : source))
        .join('');
    case 'choice':
      return node.options.map((option) => emit(option, first, last)).join('|');
    case 'repeat':
      return repeatSource(node.body, node.min, node.max, node.lazy);
  }
}

function assertionSource(assertion: Assertion, first: boolean, last: boolean): string {
  switch (assertion) {
    case 'textStart':
      return '^';
    case 'textEnd':
      return '$';
    case 'boundary':
      return '\\b';
    case 'noBoundary':
      return '\\B';
    case 'lineStart':
      // At the very edge of the pattern the newline may be part of the match, which is cheaper than looking behind.
      return first ? '(?:^|\\n)' : '(?<![^\\n])';
    case 'lineEnd':
      return last ? '(?:$|\\n)' : '(?![^\\n])';
  }
}

function repeatSource(body: PatternNode, min: number, max: number, lazy: boolean): string {
  const suffix = lazy ? '?' : '';
  const exact = `(?:${emit(body, false, false)})`;
  if (max !== Infinity) return `${exact}{${min},${max}}${suffix}`;
  if (body.kind !== 'class' || within(body.ranges, 0x10000, 0x10ffff).join() !== ASTRAL.join()) {
    return `${exact}{${min},}${suffix}`;
  }
  // An open repeat that takes every pair may as well take its halves: one class instead of a choice. Only behind whole
  // characters, lest it begin within a pair that something before has split.
  const loose = unitClass([...within(body.ranges, 0, LAST_UNIT), FIRST_HIGH, LAST_LOW]);
  return `${min === 0 ? '' : `${exact}{${min}}`}${loose}*${suffix}`;
}

/** A class that takes whole characters; halves of pairs alone are no characters and match nothing. */
function classSource(ranges: CodeRanges): string {
  const single = [...within(ranges, 0, FIRST_HIGH - 1), ...within(ranges, LAST_LOW + 1, LAST_UNIT)];
  const pairs = pairSources(within(ranges, 0x10000, 0x10ffff));
  if (pairs.length === 0) return unitClass(single);
  if (single.length > 0) pairs.unshift(unitClass(single));
  return pairs.length === 1 ? `(?:${pairs.join('')})` : `(?:${pairs.join('|')})`;
}

/** Ranges of surrogate pairs: the first and last row may be cut, whole rows between them are one alternative. */
function pairSources(ranges: CodeRanges): string[] {
  const sources: string[] = [];
  for (let at = 0; at < ranges.length; at += 2) {
    const low = (ranges[at] ?? 0) - 0x10000;
    const high = (ranges[at + 1] ?? 0) - 0x10000;
    let row = low >> 10;
    const lastRow = high >> 10;
    if ((low & 0x3ff) !== 0 || row === lastRow) {
      sources.push(pairSource(row, row, low & 0x3ff, row === lastRow ? high & 0x3ff : 0x3ff));
      row++;
    }
    const cut = (high & 0x3ff) !== 0x3ff;
    const wholeEnd = cut ? lastRow - 1 : lastRow;
    if (row <= wholeEnd) sources.push(pairSource(row, wholeEnd, 0, 0x3ff));
    if (cut && row <= lastRow) sources.push(pairSource(lastRow, lastRow, 0, high & 0x3ff));
  }
  return sources;
}

function pairSource(firstRow: number, lastRow: number, low: number, high: number): string {
  const rows = unitClass([FIRST_HIGH + firstRow, Math.min(FIRST_HIGH + lastRow, LAST_HIGH)]);
  return rows + unitClass([FIRST_LOW + low, FIRST_LOW + high]);
}

/** A class of 16-bit units, a plain character where it has but one. */
function unitClass(runs: CodeRanges): string {
  if (runs.length === 0) return '[]';
  if (runs.length === 2 && runs[0] === runs[1]) return unit(runs[0] ?? 0);
  const sorted = normalize(runs);
  const excluded = within(negate(sorted), 0, LAST_UNIT);
  if (excluded.length === 0) return '[^]';
  return excluded.length < sorted.length ? `[^${runsSource(excluded)}]` : `[${runsSource(sorted)}]`;
}

function runsSource(runs: CodeRanges): string {
  let source = '';
  for (let at = 0; at < runs.length; at += 2) {
    const low = runs[at] ?? 0;
    const high = runs[at + 1] ?? 0;
    source += low === high ? unit(low) : `${unit(low)}-${unit(high)}`;
  }
  return source;
}

function unit(code: number): string {
  if (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x20
  ) {
    return String.fromCharCode(code);
  }
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
