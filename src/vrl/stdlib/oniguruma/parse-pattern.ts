import type { ClassNode } from '../../regex/tree';
import { escapedChar, parseClass, shorthandClass, single } from './parse-class';
import { PatternText } from './pattern-text';
import { OnigSyntaxError, type OnigNode, type OnigPattern, type PositionTest, type RepeatMode } from './tree';

/** Groups within groups. */
const MAX_NESTING = 200;
/** The greatest number of repetitions that a pattern may ask for (Oniguruma's own limit). */
const MAX_REPEAT = 100_000;

interface Flags {
  readonly ignoreCase: boolean;
  /** A dot also matches a line break. */
  readonly dotAll: boolean;
  readonly extended: boolean;
}

const LINE_BREAK: ClassNode = { type: 'ranges', set: [0x0a, 0x0a] };
const ANYTHING: ClassNode = { type: 'ranges', set: [0, 0x10ffff] };

/**
 * Parses a pattern in Oniguruma's Ruby syntax.
 *
 * @throws OnigSyntaxError
 * @example parsePattern('(?<year>\\d{4})').groupNames // [null, 'year']
 */
export function parsePattern(source: string): OnigPattern {
  return new PatternParser(source).parse();
}

class PatternParser {
  readonly #text: PatternText;
  readonly #groupNames: (string | null)[] = [null];
  readonly #hasNames: boolean;
  readonly #references: { readonly name: string; readonly node: { index: number } }[] = [];
  #nesting = 0;

  constructor(source: string) {
    this.#text = new PatternText(source);
    // With named groups, plain parentheses only group.
    this.#hasNames = /\(\?<[^=!]/.test(source);
  }

  parse(): OnigPattern {
    const root = this.#alternatives({ ignoreCase: false, dotAll: false, extended: false });
    if (!this.#text.atEnd) throw new OnigSyntaxError('unmatched close parenthesis');
    for (const { name, node } of this.#references) {
      node.index = /^[0-9]+$/.test(name) ? Number(name) : this.#groupNames.lastIndexOf(name);
      if (node.index < 1 || node.index >= this.#groupNames.length) {
        throw new OnigSyntaxError(`undefined name <${name}> reference`);
      }
    }
    return { root, groupNames: this.#groupNames };
  }

  #alternatives(flags: Flags): OnigNode {
    if (++this.#nesting > MAX_NESTING) throw new OnigSyntaxError('too deep nest level');
    const options: OnigNode[] = [];
    let parts: OnigNode[] = [];
    let current = flags;
    while (!this.#text.atEnd && this.#text.peek() !== ')') {
      if (this.#text.take('|')) {
        options.push(sequence(parts));
        parts = [];
        continue;
      }
      const changed = this.#inlineFlags(current);
      if (changed !== undefined) {
        current = changed;
        continue;
      }
      if (current.extended && this.#text.takeMatch(/\s+|#[^\n]*/y) !== undefined) continue;
      parts.push(this.#repeated(this.#atom(current), current));
    }
    options.push(sequence(parts));
    this.#nesting--;
    return options.length === 1 ? (options[0] as OnigNode) : { type: 'alternatives', options };
  }

  /** Takes `(?im-x)`, which counts to the end of the group around it; undefined when something else comes. */
  #inlineFlags(flags: Flags): Flags | undefined {
    const match = this.#text.takeMatch(/\(\?([imx]*)(?:-([imx]*))?\)/y);
    return match === undefined ? undefined : withFlags(flags, match[1] as string, match[2] ?? '');
  }

  #repeated(atom: OnigNode, flags: Flags): OnigNode {
    let node = atom;
    for (;;) {
      if (flags.extended) this.#text.takeMatch(/\s+/y);
      const bounds = this.#bounds();
      if (bounds === undefined) return node;
      const [min, max, simple] = bounds;
      if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) {
        throw new OnigSyntaxError('too big number for repeat range');
      }
      let mode: RepeatMode = 'greedy';
      if (this.#text.take('?')) mode = 'lazy';
      else if (simple && this.#text.take('+')) mode = 'possessive';
      if (atom.type === 'empty') throw new OnigSyntaxError('target of repeat operator is not specified');
      node = { type: 'repeat', body: node, min, max, mode };
    }
  }

  /** Takes a repetition's bounds; the last member tells the one-character forms. */
  #bounds(): readonly [number, number, boolean] | undefined {
    if (this.#text.take('*')) return [0, Infinity, true];
    if (this.#text.take('+')) return [1, Infinity, true];
    if (this.#text.take('?')) return [0, 1, true];
    const range = this.#text.takeMatch(/\{([0-9]+)(,?)([0-9]*)\}|\{,([0-9]+)\}/y);
    if (range === undefined) return undefined;
    if (range[4] !== undefined) return [0, Number(range[4]), false];
    const min = Number(range[1]);
    if (range[2] === '') return [min, min, false];
    const max = range[3] === '' ? Infinity : Number(range[3]);
    return min <= max ? [min, max, false] : [max, min, false];
  }

  #atom(flags: Flags): OnigNode {
    const char = this.#text.next();
    switch (char) {
      case '(':
        return this.#group(flags);
      case '[':
        return classNode(parseClass(this.#text), flags);
      case '.':
        return classNode(flags.dotAll ? ANYTHING : { type: 'not', member: LINE_BREAK }, flags);
      case '^':
        return { type: 'position', test: 'lineStart' };
      case '$':
        return { type: 'position', test: 'lineEnd' };
      case '*':
      case '+':
      case '?':
        throw new OnigSyntaxError('target of repeat operator is not specified');
      case '\\':
        return this.#escape(flags);
      default:
        return classNode(single(char), flags);
    }
  }

  #escape(flags: Flags): OnigNode {
    const letter = this.#text.next();
    const test = POSITION_ESCAPES.get(letter);
    if (test !== undefined) return { type: 'position', test };
    if (letter === 'R') return lineBreakSequence();
    if (letter === 'k') {
      if (!this.#text.take('<')) throw new OnigSyntaxError('invalid backref number/name');
      return this.#reference(this.#text.takeThrough('>'));
    }
    if (letter === 'g' || letter === 'G' || letter === 'K' || letter === 'X') {
      throw new OnigSyntaxError(`\\${letter} is not supported`);
    }
    if (letter >= '1' && letter <= '9') {
      return this.#reference(letter + (this.#text.takeMatch(/[0-9]*/y)?.[0] ?? ''));
    }
    return classNode(shorthandClass(letter, this.#text) ?? single(escapedChar(letter, this.#text)), flags);
  }

  #reference(name: string): OnigNode {
    const node = { type: 'backreference' as const, index: 0 };
    this.#references.push({ name, node });
    return node;
  }

  #group(flags: Flags): OnigNode {
    if (!this.#text.take('?')) return this.#close({ index: this.#hasNames ? undefined : this.#newGroup(null) }, flags);
    if (this.#text.take('#')) {
      this.#text.takeThrough(')');
      return { type: 'empty' };
    }
    if (this.#text.take(':')) return this.#close({ index: undefined }, flags);
    if (this.#text.take('>')) return { type: 'atomic', body: this.#body(flags) };
    const look = this.#text.takeMatch(/(<?)([=!])/y);
    if (look !== undefined) {
      return { type: 'look', body: this.#body(flags), behind: look[1] === '<', negative: look[2] === '!' };
    }
    const name = this.#text.takeMatch(/P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)'/y);
    if (name !== undefined) return this.#close({ index: this.#newGroup(name[1] ?? name[2] ?? null) }, flags);
    const scoped = this.#text.takeMatch(/([imx]*)(?:-([imx]*))?:/y);
    if (scoped === undefined) throw new OnigSyntaxError('undefined group option');
    return this.#close({ index: undefined }, withFlags(flags, scoped[1] as string, scoped[2] ?? ''));
  }

  #newGroup(name: string | null): number {
    return this.#groupNames.push(name) - 1;
  }

  #close({ index }: { readonly index: number | undefined }, flags: Flags): OnigNode {
    return { type: 'group', body: this.#body(flags), index };
  }

  #body(flags: Flags): OnigNode {
    const body = this.#alternatives(flags);
    if (!this.#text.take(')')) throw new OnigSyntaxError('end pattern with unmatched parenthesis');
    return body;
  }
}

const POSITION_ESCAPES = new Map<string, PositionTest>([
  ['A', 'textStart'],
  ['z', 'textEnd'],
  ['Z', 'textEndOrLastBreak'],
  ['b', 'wordBoundary'],
  ['B', 'notWordBoundary'],
]);

/** `\R`: CR and LF together, or one character that breaks a line. */
function lineBreakSequence(): OnigNode {
  const pair: OnigNode[] = ['\r', '\n'].map((char) => ({ type: 'class', set: single(char) }));
  const one: OnigNode = { type: 'class', set: { type: 'ranges', set: [0x0a, 0x0d, 0x85, 0x85, 0x2028, 0x2029] } };
  return { type: 'atomic', body: { type: 'alternatives', options: [sequence(pair), one] } };
}

function classNode(set: ClassNode, flags: Flags): OnigNode {
  return { type: 'class', set: flags.ignoreCase ? { type: 'fold', member: set } : set };
}

function sequence(parts: readonly OnigNode[]): OnigNode {
  if (parts.length === 0) return { type: 'empty' };
  return parts.length === 1 ? (parts[0] as OnigNode) : { type: 'sequence', parts };
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, before: boolean): boolean =>
    off.includes(letter) ? false : on.includes(letter) || before;
  return {
    ignoreCase: value('i', flags.ignoreCase),
    dotAll: value('m', flags.dotAll),
    extended: value('x', flags.extended),
  };
}
