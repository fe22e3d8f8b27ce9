import { normalizeRanges } from '../../regex/code-points';
import type { ClassNode } from '../../regex/tree';
import { DIGIT, isClassBody, SPACE, WORD } from '../../regex/unicode';
import type { PatternText } from './pattern-text';
import { OnigSyntaxError } from './tree';

/** Classes within classes. */
const MAX_CLASS_NESTING = 50;

const HEX_DIGITS = ranges('09', 'AF', 'af');

const POSIX_BODIES = new Map([
  ['alnum', '\\p{Alphabetic}\\p{M}\\p{Nd}'],
  ['alpha', '\\p{Alphabetic}\\p{M}'],
  ['ascii', '\\x00-\\x7f'],
  ['blank', '\\p{Zs}\\t'],
  ['cntrl', '\\p{Cc}\\p{Cf}'],
  ['digit', DIGIT],
  ['graph', '\\x21-\\x7e\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}'],
  ['lower', '\\p{Lowercase}'],
  ['print', '\\x20-\\x7e\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}\\p{Zs}'],
  ['punct', '\\p{P}$+<=>^`|~'],
  ['space', SPACE],
  ['upper', '\\p{Uppercase}'],
  ['word', WORD],
  ['xdigit', '0-9A-Fa-f'],
]);

function ranges(...pairs: readonly string[]): ClassNode {
  return {
    type: 'ranges',
    set: normalizeRanges(pairs.map((pair) => [pair.charCodeAt(0), pair.charCodeAt(1)] as const)),
  };
}

const property = (body: string): ClassNode => ({ type: 'property', body });

function negate(member: ClassNode, when: boolean): ClassNode {
  return when ? { type: 'not', member } : member;
}

/** A class of one character. */
export function single(char: string): ClassNode {
  const codePoint = char.codePointAt(0) as number;
  return { type: 'ranges', set: [codePoint, codePoint] };
}

/** The class of a shorthand escape such as `\d`, its letter already taken; undefined when the letter is none. */
export function shorthandClass(letter: string, text: PatternText): ClassNode | undefined {
  switch (letter) {
    case 'd':
    case 'D':
      return negate(property(DIGIT), letter === 'D');
    case 'w':
    case 'W':
      return negate(property(WORD), letter === 'W');
    case 's':
    case 'S':
      return negate(property(SPACE), letter === 'S');
    case 'h':
    case 'H':
      return negate(HEX_DIGITS, letter === 'H');
    case 'p':
    case 'P':
      return propertyClass(letter === 'P', text);
    default:
      return undefined;
  }
}

function propertyClass(negative: boolean, text: PatternText): ClassNode {
  if (!text.take('{')) throw new OnigSyntaxError('invalid character property name {p}');
  const caret = text.take('^');
  const name = text.takeThrough('}');
  const body = POSIX_BODIES.get(name.toLowerCase());
  const candidates = [`\\p{${name}}`, `\\p{Script=${name}}`];
  const known = body ?? (/^\w+$/.test(name) ? candidates.find(isClassBody) : undefined);
  if (known === undefined) throw new OnigSyntaxError(`invalid character property name {${name}}`);
  return negate(property(known), negative !== caret);
}

/** The character that an escape stands for, its letter already taken. */
export function escapedChar(letter: string, text: PatternText): string {
  switch (letter) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 'f':
      return '\f';
    case 'v':
      return '\v';
    case 'a':
      return '\x07';
    case 'e':
      return '\x1b';
    case 'x': {
      const code = text.takeMatch(/\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{1,2})/y);
      return code === undefined ? '\0' : fromCode(parseInt(code[1] ?? code[2] ?? '', 16));
    }
    case 'u': {
      const code = text.takeMatch(/[0-9A-Fa-f]{4}/y);
      if (code === undefined) throw new OnigSyntaxError('too short escape sequence');
      return fromCode(parseInt(code[0], 16));
    }
    case '0': {
      const code = text.takeMatch(/[0-7]{1,2}/y);
      return fromCode(code === undefined ? 0 : parseInt(code[0], 8));
    }
    default:
      return letter;
  }
}

function fromCode(code: number): string {
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new OnigSyntaxError('too big wide-char value');
  return String.fromCodePoint(code);
}

/** Reads a class whose opening bracket is already taken. */
export function parseClass(text: PatternText, nesting = 1): ClassNode {
  if (nesting > MAX_CLASS_NESTING) throw new OnigSyntaxError('too deep nest level in char-class');
  const negative = text.take('^');
  const intersected: ClassNode[] = [];
  let members: ClassNode[] = [];
  let first = true;
  while (first || text.peek() !== ']') {
    if (text.atEnd) throw new OnigSyntaxError('premature end of char-class');
    if (text.take('&&')) {
      intersected.push({ type: 'union', members });
      members = [];
    } else {
      members.push(classMember(text, nesting));
    }
    first = false;
  }
  text.next();
  const union: ClassNode = { type: 'union', members };
  return negate(
    intersected.length === 0 ? union : { type: 'intersection', members: [...intersected, union] },
    negative,
  );
}

function classMember(text: PatternText, nesting: number): ClassNode {
  const posix = text.takeMatch(/\[:(\^?)([a-z]+):\]/y);
  if (posix !== undefined) {
    const body = POSIX_BODIES.get(posix[2] as string);
    if (body === undefined) throw new OnigSyntaxError('invalid POSIX bracket type');
    return negate(property(body), posix[1] === '^');
  }
  const char = text.next();
  if (char === '[') return parseClass(text, nesting + 1);
  const low = classChar(char, text);
  if (typeof low !== 'string') return low;
  if (text.peek() !== '-' || text.peek(1) === ']' || text.peek(1) === '') return single(low);
  text.next();
  const highChar = text.next();
  if (highChar === '[') {
    text.position -= 1;
    return { type: 'union', members: [single(low), single('-')] };
  }
  const high = classChar(highChar, text);
  if (typeof high !== 'string') return { type: 'union', members: [single(low), single('-'), high] };
  const from = low.codePointAt(0) as number;
  const to = high.codePointAt(0) as number;
  if (from > to) throw new OnigSyntaxError('empty range in char class');
  return { type: 'ranges', set: [from, to] };
}

function classChar(char: string, text: PatternText): string | ClassNode {
  if (char !== '\\') return char;
  const letter = text.next();
  if (letter === 'b') return '\b';
  return shorthandClass(letter, text) ?? escapedChar(letter, text);
}
