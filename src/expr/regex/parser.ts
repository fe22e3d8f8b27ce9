import { foldCase } from './case-folding';
import { readClass } from './class-parser';
import { EVERY_CODE, NOT_NEWLINE, type CodeRanges } from './code-ranges';
import { readEscapedClass, readEscapedCode } from './escape';
import { PatternError } from './pattern-error';
import { EMPTY, type Assertion, type PatternNode } from './tree';

/** Deepest nesting of groups; each stage recurses over them. */
const MAX_NESTING = 200;
/** Largest repeat count of the language, also for nested counts multiplied. */
const MAX_COUNT = 1000;

/**
 * Parses a pattern in RE2's syntax.
 *
 * @throws PatternError for what RE2 refuses, lookaround and backreferences among it.
 */
export function parsePattern(pattern: string): PatternNode {
  return new PatternParser(pattern).parse();
}

interface Flags {
  /** `i`: letters match in either case. */
  readonly fold: boolean;
  /** `m`: `^` and `$` match at lines. */
  readonly lines: boolean;
  /** `s`: the dot matches line ends. */
  readonly dotAll: boolean;
  /** `U`: repeats are lazy unless marked otherwise. */
  readonly swapLazy: boolean;
}

const FLAG_NAMES: ReadonlyMap<string, keyof Flags> = new Map([
  ['i', 'fold'],
  ['m', 'lines'],
  ['s', 'dotAll'],
  ['U', 'swapLazy'],
]);

class PatternParser {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;
  #flags: Flags = { fold: false, lines: false, dotAll: false, swapLazy: false };

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  parse(): PatternNode {
    const node = this.#choice();
    if (this.#at < this.#pattern.length) throw new PatternError('unexpected )', this.#pattern, this.#at);
    return node;
  }

  #choice(): PatternNode {
    const options = [this.#sequence()];
    while (this.#peek() === '|') {
      this.#at++;
      options.push(this.#sequence());
    }
    const [first = EMPTY] = options;
    return options.length === 1 ? first : { kind: 'choice', options };
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = [];
    let repeated: number | undefined;
    while (this.#at < this.#pattern.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const start = this.#at;
      const counts = this.#readCounts();
      if (counts === undefined) {
        this.#readPart(parts);
        repeated = undefined;
        continue;
      }
      const body = parts.pop();
      if (body === undefined) throw this.#repeatError('missing argument to repetition operator', start, start);
      if (repeated !== undefined) throw this.#repeatError('invalid nested repetition operator', repeated, start);
      parts.push(this.#repeat(body, counts, start));
      repeated = start;
    }
    const [first = EMPTY] = parts;
    return parts.length < 2 ? first : { kind: 'sequence', parts };
  }

  /** The part shown begins at `from`, and holds the whole operator that was just read. */
  #repeatError(reason: string, from: number, start: number): PatternError {
    const end = this.#peek() === '?' ? this.#at + 1 : this.#at;
    return new PatternError(reason, this.#pattern.slice(from, end), start);
  }

  #repeat(body: PatternNode, counts: { readonly min: number; readonly max: number }, start: number): PatternNode {
    let lazy = this.#flags.swapLazy;
    if (this.#peek() === '?') {
      this.#at++;
      lazy = !lazy;
    }
    const node: PatternNode = { kind: 'repeat', body, min: counts.min, max: counts.max, lazy };
    if (countOf(node) > MAX_COUNT)
      throw new PatternError('invalid repeat count', this.#pattern.slice(start, this.#at), start);
    return node;
  }

  /** `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`; a brace that begins none of these stands for itself. */
  #readCounts(): { readonly min: number; readonly max: number } | undefined {
    const start = this.#at;
    switch (this.#peek()) {
      case '*':
        this.#at++;
        return { min: 0, max: Infinity };
      case '+':
        this.#at++;
        return { min: 1, max: Infinity };
      case '?':
        this.#at++;
        return { min: 0, max: 1 };
      case '{':
        break;
      default:
        return undefined;
    }
    const braces = /\{(\d+)(?:(,)(\d*))?\}/y;
    braces.lastIndex = start;
    const match = braces.exec(this.#pattern);
    const [whole, low, comma, high] = match ?? [];
    // A count with a leading zero is no count.
    if (whole === undefined || [low, high].some((digits) => digits !== undefined && /^0\d/.test(digits)))
      return undefined;
    const min = Number(low);
    const max = comma === undefined ? min : high === '' ? Infinity : Number(high);
    if (min > MAX_COUNT || (max !== Infinity && max > MAX_COUNT) || max < min) {
      throw new PatternError('invalid repeat count', whole, start);
    }
    this.#at += whole.length;
    return { min, max };
  }

  #readPart(parts: PatternNode[]): void {
    const character = this.#peek();
    switch (character) {
      case '(':
        this.#readGroup(parts);
        return;
      case '[': {
        const { ranges, end } = readClass(this.#pattern, this.#at, this.#flags.fold);
        this.#at = end;
        parts.push(classOf(ranges));
        return;
      }
      case '.':
        this.#at++;
        parts.push(classOf(this.#flags.dotAll ? EVERY_CODE : NOT_NEWLINE));
        return;
      case '^':
        this.#at++;
        parts.push(assertionOf(this.#flags.lines ? 'lineStart' : 'textStart'));
        return;
      case '$':
        this.#at++;
        parts.push(assertionOf(this.#flags.lines ? 'lineEnd' : 'textEnd'));
        return;
      case '\\':
        this.#readEscape(parts);
        return;
      default:
        this.#readLiteral(parts);
    }
  }

  #readLiteral(parts: PatternNode[]): void {
    const code = this.#pattern.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    parts.push(this.#literal(code));
  }

  #literal(code: number): PatternNode {
    return classOf(this.#flags.fold ? foldCase([code, code]) : [code, code]);
  }

  #readEscape(parts: PatternNode[]): void {
    const start = this.#at;
    const letter = this.#pattern.charAt(start + 1);
    const assertion = ASSERTION_ESCAPES.get(letter);
    if (assertion !== undefined) {
      this.#at += 2;
      parts.push(assertionOf(assertion));
      return;
    }
    if (letter === 'Q') {
      this.#readQuoted(parts);
      return;
    }
    const named = readEscapedClass(this.#pattern, start, this.#flags.fold);
    if (named !== undefined) {
      this.#at = named.end;
      parts.push(classOf(named.ranges));
      return;
    }
    const { code, end } = readEscapedCode(this.#pattern, start);
    this.#at = end;
    parts.push(this.#literal(code));
  }

  /** `\Q...\E`, or to the end of the pattern. */
  #readQuoted(parts: PatternNode[]): void {
    const close = this.#pattern.indexOf('\\E', this.#at + 2);
    const end = close < 0 ? this.#pattern.length : close;
    for (const character of this.#pattern.slice(this.#at + 2, end))
      parts.push(this.#literal(character.codePointAt(0) ?? 0));
    this.#at = close < 0 ? end : end + 2;
  }

  #readGroup(parts: PatternNode[]): void {
    const start = this.#at;
    const outer = this.#flags;
    this.#at++;
    if (this.#peek() === '?' && this.#readGroupHead(start)) return;
    if (++this.#depth > MAX_NESTING) throw new PatternError('expression nests too deeply', this.#pattern, start);
    const body = this.#choice();
    if (this.#peek() !== ')') throw new PatternError('missing closing )', this.#pattern, start);
    this.#at++;
    this.#depth--;
    this.#flags = outer;
    // An own node, so that a repeat takes the whole group.
    parts.push(body);
  }

  /** Reads from the question mark on. True when this was `(?flags)` alone, which ends with its parenthesis. */
  #readGroupHead(start: number): boolean {
    const rest = this.#pattern.slice(this.#at, this.#at + 3);
    if (rest.startsWith('?P<') || rest.startsWith('?<')) {
      this.#readGroupName(start);
      return false;
    }
    return this.#readFlags(start);
  }

  #readGroupName(start: number): void {
    const name = /\?P?<([A-Za-z0-9_]+)>/y;
    name.lastIndex = this.#at;
    const match = name.exec(this.#pattern);
    if (match?.[1] === undefined) {
      const close = this.#pattern.indexOf('>', start);
      const part = this.#pattern.slice(start, close < 0 ? undefined : close + 1);
      throw new PatternError('invalid named capture', part, start);
    }
    this.#at += match[0].length;
  }

  #readFlags(start: number): boolean {
    const flags = { ...this.#flags };
    let value = true;
    let seen = false;
    for (this.#at++; this.#at < this.#pattern.length; this.#at++) {
      const character = this.#peek();
      const flag = FLAG_NAMES.get(character);
      if (flag !== undefined) {
        flags[flag] = value;
        seen = true;
      } else if (character === '-' && value) {
        value = false;
        seen = false;
      } else if ((character === ':' || character === ')') && (value || seen)) {
        this.#at++;
        this.#flags = flags;
        return character === ')';
      } else {
        break;
      }
    }
    throw new PatternError('invalid or unsupported Perl syntax', this.#pattern.slice(start, this.#at + 1), start);
  }

  #peek(): string {
    return this.#pattern.charAt(this.#at);
  }
}

const ASSERTION_ESCAPES: ReadonlyMap<string, Assertion> = new Map<string, Assertion>([
  ['A', 'textStart'],
  ['z', 'textEnd'],
  ['b', 'boundary'],
  ['B', 'noBoundary'],
]);

function classOf(ranges: CodeRanges): PatternNode {
  return { kind: 'class', ranges };
}

function assertionOf(assertion: Assertion): PatternNode {
  return { kind: 'assertion', assertion };
}

/** How often the innermost part of nested counts may be repeated at most; open repeats count by their least. */
function countOf(node: PatternNode): number {
  switch (node.kind) {
    case 'repeat': {
      const own = node.max === Infinity ? node.min : node.max;
      return Math.max(1, own) * countOf(node.body);
    }
    case 'sequence':
      return node.parts.reduce((most, part) => Math.max(most, countOf(part)), 1);
    case 'choice':
      return node.options.reduce((most, option) => Math.max(most, countOf(option)), 1);
    default:
      return 1;
  }
}
