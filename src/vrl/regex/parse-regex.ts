import { MAX_CODE_POINT, normalizeRanges } from './code-points';
import { ClassParser } from './parse-class';
import { PatternReader } from './pattern-reader';
import type { Assertion, ClassNode, ParsedRegex, RegexNode } from './tree';

/** Groups within groups; as deep as Rust's parser goes. */
const MAX_NESTING = 250;
/** Largest number of repetitions; more would make the compiled form larger than Rust accepts as well. */
const MAX_REPETITIONS = 10_000;

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiLine: boolean;
  readonly dotAll: boolean;
  readonly swapGreed: boolean;
  readonly unicode: boolean;
  readonly extended: boolean;
  readonly crlf: boolean;
}

const NO_FLAGS: Flags = {
  ignoreCase: false,
  multiLine: false,
  dotAll: false,
  swapGreed: false,
  unicode: true,
  extended: false,
  crlf: false,
};

const FLAG_NAMES = new Map<string, keyof Flags>([
  ['i', 'ignoreCase'],
  ['m', 'multiLine'],
  ['s', 'dotAll'],
  ['U', 'swapGreed'],
  ['u', 'unicode'],
  ['x', 'extended'],
  ['R', 'crlf'],
]);

const EMPTY: RegexNode = { type: 'empty' };

/**
 * Reads a pattern in the syntax of Rust's regex crate.
 *
 * @throws RegexSyntaxError for anything that is not in that syntax, look-around and back-references included
 */
export function parseRegex(pattern: string): ParsedRegex {
  return new RegexParser(pattern).parse();
}

class RegexParser {
  readonly #reader: PatternReader;
  readonly #classes: ClassParser;
  readonly #groupNames: (string | null)[] = [null];
  #flags = NO_FLAGS;
  #depth = 0;

  constructor(pattern: string) {
    this.#reader = new PatternReader(pattern);
    this.#classes = new ClassParser(this.#reader);
  }

  parse(): ParsedRegex {
    const root = this.#alternatives();
    if (!this.#reader.atEnd) throw this.#reader.error('unopened group');
    return { root, groupNames: this.#groupNames };
  }

  #alternatives(): RegexNode {
    const options = [this.#sequence()];
    while (this.#reader.take('|')) options.push(this.#sequence());
    return options.length === 1 ? (options[0] as RegexNode) : { type: 'alternatives', options };
  }

  #sequence(): RegexNode {
    const parts: RegexNode[] = [];
    for (;;) {
      if (this.#flags.extended) this.#reader.skipExtended();
      const next = this.#reader.peek();
      if (next === '' || next === '|' || next === ')') break;
      const start = this.#reader.position;
      const atom = this.#atom();
      // A group of flags alone, such as (?i), is nothing to repeat.
      if (atom === undefined) {
        this.#refuseRepetition();
        continue;
      }
      parts.push(this.#repetitions(atom, start));
    }
    return parts.length === 0 ? EMPTY : parts.length === 1 ? (parts[0] as RegexNode) : { type: 'sequence', parts };
  }

  #refuseRepetition(): void {
    const next = this.#reader.peek();
    if (next === '*' || next === '+' || next === '?' || next === '{') {
      throw this.#reader.error('repetition operator missing expression');
    }
  }

  #repetitions(atom: RegexNode, start: number): RegexNode {
    let node = atom;
    for (let layers = 0; ; layers++) {
      if (this.#flags.extended) this.#reader.skipExtended();
      const bounds = this.#bounds();
      if (bounds === undefined) return node;
      if (layers > MAX_NESTING) throw this.#reader.error('exceeded the maximum number of nested repetitions', start);
      const lazy = this.#reader.take('?');
      node = { type: 'repeat', body: node, min: bounds[0], max: bounds[1], greedy: lazy === this.#flags.swapGreed };
    }
  }

  /** A repetition operator's least and greatest count. */
  #bounds(): readonly [number, number] | undefined {
    const reader = this.#reader;
    if (reader.take('*')) return [0, Infinity];
    if (reader.take('+')) return [1, Infinity];
    if (reader.take('?')) return [0, 1];
    const start = reader.position;
    if (!reader.take('{')) return undefined;
    const lower = this.#number();
    let upper = lower;
    if (reader.take(',')) {
      upper = this.#number();
      if (lower === undefined && upper === undefined)
        throw reader.error('repetition quantifier expects a valid decimal', start);
    } else if (lower === undefined) {
      throw reader.error('repetition quantifier expects a valid decimal', start);
    }
    if (!reader.take('}')) throw reader.error('unclosed counted repetition', start);
    const min = lower ?? 0;
    const max = upper ?? Infinity;
    if (min > max) throw reader.error('invalid repetition count range, the start must be <= the end', start);
    if (min > MAX_REPETITIONS || (max !== Infinity && max > MAX_REPETITIONS)) {
      throw reader.error(`repetition count exceeds ${MAX_REPETITIONS}`, start);
    }
    return [min, max];
  }

  #number(): number | undefined {
    const digits = this.#reader.takeWhile(/[0-9]/).trim();
    return digits === '' ? undefined : Number(digits);
  }

  /** One atom; undefined for a group of flags, which only changes what follows. */
  #atom(): RegexNode | undefined {
    const reader = this.#reader;
    const start = reader.position;
    const char = reader.next();
    switch (char) {
      case '(':
        return this.#group(start);
      case '[':
        return this.#class(this.#classes.bracketed(start, this.#flags.unicode, this.#flags.extended));
      case '.':
        return { type: 'class', set: this.#dot() };
      case '^':
        return assertion(!this.#flags.multiLine ? 'start' : this.#flags.crlf ? 'crlfStart' : 'lineStart');
      case '$':
        return assertion(!this.#flags.multiLine ? 'end' : this.#flags.crlf ? 'crlfEnd' : 'lineEnd');
      case '*':
      case '+':
      case '?':
      case '{':
        throw reader.error('repetition operator missing expression', start);
      case '\\':
        return this.#escape(start);
      default:
        return this.#literal(char.codePointAt(0) as number);
    }
  }

  #dot(): ClassNode {
    if (this.#flags.dotAll) return { type: 'ranges', set: [0, MAX_CODE_POINT] };
    const set = this.#flags.crlf ? [0, 9, 11, 12, 14, MAX_CODE_POINT] : [0, 9, 11, MAX_CODE_POINT];
    return { type: 'ranges', set };
  }

  #literal(codePoint: number): RegexNode {
    return this.#class({ type: 'ranges', set: [codePoint, codePoint] });
  }

  #class(set: ClassNode): RegexNode {
    return { type: 'class', set: this.#flags.ignoreCase ? ignoringCase(set, this.#flags.unicode) : set };
  }

  #escape(start: number): RegexNode {
    const reader = this.#reader;
    const unicode = this.#flags.unicode;
    switch (reader.peek()) {
      case 'A':
        reader.next();
        return assertion('start');
      case 'z':
        reader.next();
        return assertion('end');
      case 'B':
        reader.next();
        return assertion(unicode ? 'notWordBoundary' : 'asciiNotWordBoundary');
      case '<':
        reader.next();
        return assertion('wordStart');
      case '>':
        reader.next();
        return assertion('wordEnd');
      case 'b':
        reader.next();
        for (const [text, kind] of NAMED_BOUNDARIES) if (reader.take(text)) return assertion(kind);
        return assertion(unicode ? 'wordBoundary' : 'asciiWordBoundary');
      default:
        return this.#class(this.#classes.escape(start, unicode));
    }
  }

  #group(start: number): RegexNode | undefined {
    const reader = this.#reader;
    if (++this.#depth > MAX_NESTING) throw reader.error(`exceeded the maximum nesting of ${MAX_NESTING} groups`, start);
    const outer = this.#flags;
    let index: number | undefined;
    if (reader.take('?')) {
      if (LOOK_AROUND.some((text) => reader.startsWith(text))) {
        throw reader.error('look-around, including look-ahead and look-behind, is not supported', start);
      }
      if (reader.take('P<') || reader.take('<')) {
        index = this.#addGroup(this.#groupName(start));
      } else {
        this.#flags = this.#readFlags(start);
        if (reader.take(')')) {
          this.#depth--;
          return undefined;
        }
        if (!reader.take(':')) throw reader.error('unrecognized flag');
      }
    } else {
      index = this.#addGroup(null);
    }
    const body = this.#alternatives();
    if (!reader.take(')')) throw reader.error('unclosed group', start);
    this.#flags = outer;
    this.#depth--;
    return { type: 'group', body, index };
  }

  #addGroup(name: string | null): number {
    return this.#groupNames.push(name) - 1;
  }

  #groupName(start: number): string {
    const reader = this.#reader;
    const nameStart = reader.position;
    const name = reader.takeWhile(/[^>]/);
    if (!reader.take('>')) throw reader.error('unclosed capture group name', start);
    if (name === '') throw reader.error('empty capture group name', nameStart);
    if (!GROUP_NAME.test(name)) throw reader.error('invalid capture group character', nameStart);
    if (this.#groupNames.includes(name)) throw reader.error('duplicate capture group name', nameStart);
    return name;
  }

  #readFlags(start: number): Flags {
    const reader = this.#reader;
    const flags = { ...this.#flags };
    const seen = new Set<string>();
    let value = true;
    for (;;) {
      const next = reader.peek();
      if (next === ')' || next === ':') break;
      reader.next();
      const name = FLAG_NAMES.get(next);
      if (next === '') throw reader.error('unclosed group', start);
      if (next === '-' && value) value = false;
      else if (name === undefined) throw reader.error('unrecognized flag', reader.position - 1);
      else if (seen.has(next)) throw reader.error('duplicate flag', reader.position - 1);
      else flags[name] = value;
      seen.add(next);
    }
    const empty = seen.size === 0 && reader.peek() === ')';
    if (empty) throw reader.error('repetition operator missing expression', start);
    return flags;
  }
}

const LOOK_AROUND = ['=', '!', '<=', '<!'];
const GROUP_NAME = /^[\p{Alphabetic}_][\p{Alphabetic}\p{Nd}_.[\]]*$/u;

const NAMED_BOUNDARIES: readonly (readonly [string, Assertion])[] = [
  ['{start-half}', 'wordStartHalf'],
  ['{end-half}', 'wordEndHalf'],
  ['{start}', 'wordStart'],
  ['{end}', 'wordEnd'],
];

function assertion(kind: Assertion): RegexNode {
  return { type: 'assertion', assertion: kind };
}

/** The class with case ignored; sets are widened before they are negated or combined, so `[^k]` leaves out `K` too. */
function ignoringCase(node: ClassNode, unicode: boolean): ClassNode {
  switch (node.type) {
    case 'not':
      return { type: 'not', member: ignoringCase(node.member, unicode) };
    case 'ranges':
      return unicode ? { type: 'fold', member: node } : foldAscii(node.set);
    case 'property':
    case 'fold':
      return { type: 'fold', member: node };
    default:
      return { type: node.type, members: node.members.map((member) => ignoringCase(member, unicode)) };
  }
}

/** The ASCII letters of a set in both cases (the rest as it is). */
function foldAscii(set: readonly number[]): ClassNode {
  const pairs: [number, number][] = [];
  for (let i = 0; i < set.length; i += 2) {
    const lo = set[i] as number;
    const hi = set[i + 1] as number;
    pairs.push([lo, hi]);
    pairs.push([Math.max(lo, 0x41) + 32, Math.min(hi, 0x5a) + 32]);
    pairs.push([Math.max(lo, 0x61) - 32, Math.min(hi, 0x7a) - 32]);
  }
  return { type: 'ranges', set: normalizeRanges(pairs) };
}
