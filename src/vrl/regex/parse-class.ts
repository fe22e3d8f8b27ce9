import { normalizeRanges } from './code-points';
import type { PatternReader } from './pattern-reader';
import type { ClassNode } from './tree';
import { DIGIT, isClassBody, SPACE, WORD } from './unicode';

/** Classes within classes. */
const MAX_NESTING = 100;

const POSIX_CLASSES = new Map<string, readonly (readonly [number, number])[]>([
  [
    'alnum',
    [
      [0x30, 0x39],
      [0x41, 0x5a],
      [0x61, 0x7a],
    ],
  ],
  [
    'alpha',
    [
      [0x41, 0x5a],
      [0x61, 0x7a],
    ],
  ],
  ['ascii', [[0, 0x7f]]],
  [
    'blank',
    [
      [9, 9],
      [0x20, 0x20],
    ],
  ],
  [
    'cntrl',
    [
      [0, 0x1f],
      [0x7f, 0x7f],
    ],
  ],
  ['digit', [[0x30, 0x39]]],
  ['graph', [[0x21, 0x7e]]],
  ['lower', [[0x61, 0x7a]]],
  ['print', [[0x20, 0x7e]]],
  [
    'punct',
    [
      [0x21, 0x2f],
      [0x3a, 0x40],
      [0x5b, 0x60],
      [0x7b, 0x7e],
    ],
  ],
  [
    'space',
    [
      [9, 13],
      [0x20, 0x20],
    ],
  ],
  ['upper', [[0x41, 0x5a]]],
  [
    'word',
    [
      [0x30, 0x39],
      [0x41, 0x5a],
      [0x5f, 0x5f],
      [0x61, 0x7a],
    ],
  ],
  [
    'xdigit',
    [
      [0x30, 0x39],
      [0x41, 0x46],
      [0x61, 0x66],
    ],
  ],
]);

const UNICODE_CLASSES = new Map([
  ['d', DIGIT],
  ['s', SPACE],
  ['w', WORD],
]);
const ASCII_CLASSES = new Map([
  ['d', 'digit'],
  ['s', 'space'],
  ['w', 'word'],
]);

const SIMPLE_ESCAPES = new Map([
  ['a', 7],
  ['f', 12],
  ['t', 9],
  ['n', 10],
  ['r', 13],
  ['v', 11],
]);

const HEX_DIGITS = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

const OPERATORS = [
  ['&&', 'intersection'],
  ['--', 'difference'],
  ['~~', 'symmetric'],
] as const;

/** Reads `[...]` classes and the escapes that stand for characters or classes. */
export class ClassParser {
  readonly #reader: PatternReader;

  constructor(reader: PatternReader) {
    this.#reader = reader;
  }

  /** A bracketed class whose `[`, at `start`, has been taken. */
  bracketed(start: number, unicode: boolean, extended: boolean, depth = 0): ClassNode {
    const reader = this.#reader;
    if (depth > MAX_NESTING) throw reader.error(`exceeded the maximum nesting of ${MAX_NESTING} classes`, start);
    const negated = reader.take('^');
    let left: ClassNode | undefined;
    let operator: (typeof OPERATORS)[number][1] | undefined;
    let items: ClassNode[] = [];
    let first = true;
    const combine = (): ClassNode => {
      const right: ClassNode = items.length === 1 ? (items[0] as ClassNode) : { type: 'union', members: items };
      items = [];
      return left === undefined || operator === undefined ? right : { type: operator, members: [left, right] };
    };
    for (;;) {
      if (extended) reader.skipExtended();
      if (reader.atEnd) throw reader.error('unclosed character class', start);
      if (!first && reader.take(']')) break;
      const op = OPERATORS.find(([text]) => reader.startsWith(text));
      // At the very start, dashes are literals: [--a] is the range from - to a.
      if (op !== undefined && !(first && op[0] === '--')) {
        reader.take(op[0]);
        left = combine();
        operator = op[1];
        first = false;
        continue;
      }
      items.push(this.#item(unicode, extended, depth));
      first = false;
    }
    const set = merge(combine());
    return negated ? { type: 'not', member: set } : set;
  }

  #item(unicode: boolean, extended: boolean, depth: number): ClassNode {
    const reader = this.#reader;
    const start = reader.position;
    if (reader.take('[')) return this.#posix() ?? this.bracketed(start, unicode, extended, depth + 1);
    const low = this.#single(start, unicode);
    if (typeof low !== 'number') return low;
    const beforeDash = reader.position;
    if (extended) reader.skipExtended();
    if (reader.take('-') && !reader.startsWith(']') && !reader.startsWith('-')) {
      if (extended) reader.skipExtended();
      const high = this.#single(reader.position, unicode);
      if (typeof high !== 'number') throw reader.error('invalid character class range', start);
      if (low > high) throw reader.error('invalid character class range, the start must be <= the end', start);
      return { type: 'ranges', set: [low, high] };
    }
    reader.reset(beforeDash);
    return { type: 'ranges', set: [low, low] };
  }

  /** A character's code point, or the class that an escape stands for. */
  #single(start: number, unicode: boolean): number | ClassNode {
    const reader = this.#reader;
    const char = reader.next();
    if (char === '') throw reader.error('unclosed character class', start);
    if (char !== '\\') return char.codePointAt(0) as number;
    const node = this.escape(start, unicode);
    return node.type === 'ranges' && node.set.length === 2 && node.set[0] === node.set[1]
      ? (node.set[0] as number)
      : node;
  }

  /** `[:name:]` whose first bracket has been taken; undefined (nothing taken) when it is something else. */
  #posix(): ClassNode | undefined {
    const reader = this.#reader;
    const start = reader.position;
    if (!reader.take(':')) return undefined;
    const negated = reader.take('^');
    const ranges = POSIX_CLASSES.get(reader.takeWhile(/[a-z]/));
    if (ranges === undefined || !reader.take(':]')) {
      reader.reset(start);
      return undefined;
    }
    const set: ClassNode = { type: 'ranges', set: normalizeRanges(ranges) };
    return negated ? { type: 'not', member: set } : set;
  }

  /** An escape whose backslash, at `start`, has been taken. */
  escape(start: number, unicode: boolean): ClassNode {
    const reader = this.#reader;
    const char = reader.next();
    if (char === '') throw reader.error('incomplete escape sequence, reached end of pattern prematurely', start);
    const lower = char.toLowerCase();
    const shorthand = unicode ? UNICODE_CLASSES.get(lower) : undefined;
    const ascii = POSIX_CLASSES.get(ASCII_CLASSES.get(lower) ?? '');
    if (ascii !== undefined) {
      const set: ClassNode =
        shorthand === undefined
          ? { type: 'ranges', set: normalizeRanges(ascii) }
          : { type: 'property', body: shorthand };
      return char === lower ? set : { type: 'not', member: set };
    }
    if (lower === 'p') return this.#property(start, char === 'P');
    const simple = SIMPLE_ESCAPES.get(char);
    if (simple !== undefined) return { type: 'ranges', set: [simple, simple] };
    const hexDigits = HEX_DIGITS.get(char);
    if (hexDigits !== undefined) return this.#hex(start, hexDigits);
    if (/[0-9]/.test(char)) throw reader.error('backreferences are not supported', start);
    if (char > '\x7f' || /[A-Za-z<>]/.test(char)) throw reader.error('unrecognized escape sequence', start);
    const codePoint = char.codePointAt(0) as number;
    return { type: 'ranges', set: [codePoint, codePoint] };
  }

  #hex(start: number, digits: number): ClassNode {
    const reader = this.#reader;
    let text = '';
    if (reader.take('{')) {
      text = reader.takeWhile(/[0-9A-Fa-f]/);
      if (!reader.take('}')) throw reader.error('invalid hexadecimal digit');
    } else {
      while (text.length < digits && /[0-9A-Fa-f]/.test(reader.peek())) text += reader.next();
      if (text.length < digits) throw reader.error('invalid hexadecimal digit', start);
    }
    const codePoint = Number.parseInt(text, 16);
    if (!(codePoint <= 0x10ffff) || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
      throw reader.error('hexadecimal literal is not a Unicode scalar value', start);
    }
    return { type: 'ranges', set: [codePoint, codePoint] };
  }

  #property(start: number, negated: boolean): ClassNode {
    const reader = this.#reader;
    let name = reader.next();
    if (name === '{') {
      name = reader.takeWhile(/[^}]/);
      if (!reader.take('}')) throw reader.error('unclosed Unicode class', start);
    }
    const caret = name.startsWith('^');
    const equals = /^\^?([^=:!]*)(!=|=|:)(.*)$/s.exec(name);
    const set =
      equals === null
        ? namedProperty(caret ? name.slice(1) : name)
        : valuedProperty(equals[1] as string, equals[3] as string);
    if (set === undefined) throw reader.error('Unicode property not found', start);
    const flips = [negated, caret, equals?.[2] === '!='].filter(Boolean).length;
    return flips % 2 === 1 ? { type: 'not', member: set } : set;
  }
}

/** A union of plain ranges is one set of ranges; everything else stays as it is. */
function merge(node: ClassNode): ClassNode {
  if (node.type !== 'union') return node;
  const pairs: [number, number][] = [];
  for (const member of node.members) {
    if (member.type !== 'ranges') return node;
    for (let i = 0; i < member.set.length; i += 2) pairs.push([member.set[i] as number, member.set[i + 1] as number]);
  }
  return { type: 'ranges', set: normalizeRanges(pairs) };
}

/** Spellings of a property name that JavaScript, which wants the exact one, may know. */
function spellings(name: string): string[] {
  const words = name.trim().split(/[\s_-]+/);
  const title = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('_');
  return [name, title, name.toUpperCase(), title.replace(/_/g, '')];
}

function namedProperty(name: string): ClassNode | undefined {
  const plain = name.replace(/[\s_-]/g, '').toLowerCase();
  if (plain === 'any') return { type: 'ranges', set: [0, 0x10ffff] };
  if (plain === 'ascii') return { type: 'ranges', set: [0, 0x7f] };
  for (const spelling of spellings(name)) {
    // Only names may reach the engine's own pattern.
    if (!/^\w+$/.test(spelling)) continue;
    for (const body of [`\\p{${spelling}}`, `\\p{Script=${spelling}}`]) {
      if (isClassBody(body)) return { type: 'property', body };
    }
  }
  return undefined;
}

function valuedProperty(property: string, value: string): ClassNode | undefined {
  for (const name of spellings(property)) {
    for (const spelling of spellings(value)) {
      if (!/^\w+$/.test(spelling) || !/^\w+$/.test(name)) continue;
      for (const candidate of [name, name.toLowerCase()]) {
        const body = `\\p{${candidate}=${spelling}}`;
        if (isClassBody(body)) return { type: 'property', body };
      }
    }
  }
  return undefined;
}
