import { latin1Set, fullSet } from './class-sets';
import { intersect, type CodePoints } from './code-points';
import type { Assertion, ClassNode, RegexNode } from './tree';
import { WORD } from './unicode';

/** How a pattern is written for JavaScript: for subjects of Latin-1 alone, or for any. */
export type Repertoire = 'latin1' | 'full';

/**
 * The pattern in JavaScript's plain syntax: no flags, no named groups, characters beyond U+FFFF as pairs. Plain, because
 * V8's linear-time engine, to which it falls back on excessive backtracking, knows neither the `u` nor the `i` flag.
 */
export function emitRegex(node: RegexNode, repertoire: Repertoire): string {
  return new Emitter(repertoire).node(node);
}

class Emitter {
  readonly #repertoire: Repertoire;

  constructor(repertoire: Repertoire) {
    this.#repertoire = repertoire;
  }

  node(node: RegexNode): string {
    switch (node.type) {
      case 'empty':
        return '';
      case 'class':
        return this.#class(node.set);
      case 'assertion':
        return this.#assertion(node.assertion);
      case 'group':
        return `(${node.index === undefined ? '?:' : ''}${this.node(node.body)})`;
      case 'sequence':
        return node.parts.map((part) => this.#part(part)).join('');
      case 'alternatives':
        return node.options.map((option) => this.node(option)).join('|');
      case 'repeat':
        return this.#repeat(node);
    }
  }

  #part(node: RegexNode): string {
    const text = this.node(node);
    return node.type === 'alternatives' ? `(?:${text})` : text;
  }

  #repeat(node: RegexNode & { type: 'repeat' }): string {
    const body = this.node(node.body);
    const operand = node.body.type === 'group' || isSingleUnit(body) ? body : `(?:${body})`;
    return operand + bounds(node.min, node.max) + (node.greedy ? '' : '?');
  }

  #class(node: ClassNode): string {
    return this.#repertoire === 'latin1' ? unitClass(latin1Set(node)) : fullClass(fullSet(node));
  }

  #assertion(kind: Assertion): string {
    switch (kind) {
      case 'start':
        return '^';
      case 'end':
        return '$';
      case 'lineStart':
        return '(?<![^\\n])';
      case 'lineEnd':
        return '(?![^\\n])';
      case 'crlfStart':
        return '(?:^|(?<=\\n)|(?<=\\r)(?!\\n))';
      case 'crlfEnd':
        return '(?:$|(?=\\r)|(?<!\\r)(?=\\n))';
      case 'asciiWordBoundary':
        return '\\b';
      case 'asciiNotWordBoundary':
        return '\\B';
      default:
        return this.#wordAssertion(kind);
    }
  }

  #wordAssertion(kind: Assertion): string {
    // Subjects of the Latin-1 form are pure ASCII when the pattern has such an assertion (see NativeRegex).
    if (this.#repertoire === 'latin1') {
      switch (kind) {
        case 'wordBoundary':
          return '\\b';
        case 'notWordBoundary':
          return '\\B';
        case 'wordStart':
          return '\\b(?=\\w)';
        case 'wordEnd':
          return '\\b(?!\\w)';
        case 'wordStartHalf':
          return '(?<!\\w)';
        default:
          return '(?!\\w)';
      }
    }
    const word = fullClass(fullSet({ type: 'property', body: WORD }));
    switch (kind) {
      case 'wordBoundary':
        return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
      case 'notWordBoundary':
        return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
      case 'wordStart':
        return `(?<!${word})(?=${word})`;
      case 'wordEnd':
        return `(?<=${word})(?!${word})`;
      case 'wordStartHalf':
        return `(?<!${word})`;
      default:
        return `(?!${word})`;
    }
  }
}

function isSingleUnit(text: string): boolean {
  return (
    text.length === 1 ||
    /^\\[^xu]$/.test(text) ||
    /^\\x..$/.test(text) ||
    /^\\u....$/.test(text) ||
    /^\[[^[\]]*\]$/.test(text)
  );
}

function bounds(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

function escapeUnit(unit: number): string {
  if ((unit >= 0x30 && unit <= 0x39) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a)) {
    return String.fromCharCode(unit);
  }
  return unit < 0x100 ? `\\x${unit.toString(16).padStart(2, '0')}` : `\\u${unit.toString(16).padStart(4, '0')}`;
}

/** A class of single UTF-16 units. */
function unitClass(set: CodePoints): string {
  if (set.length === 2 && set[0] === set[1]) return escapeUnit(set[0] as number);
  let body = '';
  for (let i = 0; i < set.length; i += 2) {
    const lo = set[i] as number;
    const hi = set[i + 1] as number;
    body += lo === hi ? escapeUnit(lo) : `${escapeUnit(lo)}-${escapeUnit(hi)}`;
  }
  return `[${body}]`;
}

/** A class whose members beyond U+FFFF are written as surrogate pairs. */
function fullClass(set: CodePoints): string {
  // Lone surrogates never occur in a subject, and must not match half a pair.
  const plain = [...intersect(set, [0, 0xd7ff]), ...intersect(set, [0xe000, 0xffff])];
  const pairs = surrogatePairs(intersect(set, [0x10000, 0x10ffff]));
  if (pairs.length === 0) return unitClass(plain);
  return `(?:${[unitClass(plain), ...pairs].join('|')})`;
}

/** Alternatives `[high][low]` that match the given code points beyond U+FFFF. */
function surrogatePairs(set: CodePoints): string[] {
  // Low surrogates that go with each run of high ones, so that equal rows become one alternative.
  const rows: { high: [number, number]; low: string }[] = [];
  const add = (from: number, to: number, low: string) => {
    const last = rows[rows.length - 1];
    if (last !== undefined && last.low === low && last.high[1] === from - 1) last.high[1] = to;
    else rows.push({ high: [from, to], low });
  };
  const lows = new Map<number, number[]>();
  const full: number[] = [];
  for (let i = 0; i < set.length; i += 2) {
    let lo = (set[i] as number) - 0x10000;
    const hi = (set[i + 1] as number) - 0x10000;
    while (lo <= hi) {
      const high = lo >> 10;
      const end = Math.min(hi, (high << 10) | 0x3ff);
      if ((lo & 0x3ff) === 0 && end - lo === 0x3ff) full.push(high);
      else lows.set(high, [...(lows.get(high) ?? []), 0xdc00 | (lo & 0x3ff), 0xdc00 | (end & 0x3ff)]);
      lo = end + 1;
    }
  }
  for (const high of full) add(high, high, '[\\udc00-\\udfff]');
  for (const [high, ranges] of lows) add(high, high, unitClass(ranges));
  return rows.map(({ high, low }) => unitClass([0xd800 + high[0], 0xd800 + high[1]]) + low);
}
