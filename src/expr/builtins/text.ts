import { MEMORY_BUDGET } from '../limits';
import { BOOL, describeKind, INT, STRING, STRING_ARRAY, type StaticType } from '../types/static-type';
import { indexOf as indexOfKey } from '../compile/access';
import { notOfType } from '../compile/logic';
import type { Frame } from '../compile/frame';
import { isSpace } from '../syntax/characters';
import { kindOf } from '../value/kind-of';
import { toLower, toUpper } from '../value/letter-case';
import { utf8Length } from '../value/utf8';
import type { Value } from '../value/value';
import { arrayAt, define, NUMBER, TEXT, textAt, valueError, type Builtin, type Signature } from './definition';

/** Largest count that `repeat` takes. */
const MAX_REPEAT = 1_000_000;

const TWO_TEXTS = ['string', 'string'];

/** A builtin from one text to another. */
function textToText(name: string, map: (text: string) => string): Builtin {
  return define(name, { parameters: [TEXT], result: STRING }, (args, frame, at) => {
    const text = textAt(args, 0);
    frame.chargeText(text.length, at);
    return map(text);
  });
}

/** A builtin on a text and another one that may be left out. */
function trimmer(
  name: string,
  fallback: string | undefined,
  trim: (text: string, part: string | undefined) => string,
): Builtin {
  const forms = name === 'trim' ? [['string'], TWO_TEXTS] : [TWO_TEXTS, ['string']];
  return define(name, { parameters: [TEXT, TEXT], optional: 1, result: STRING, forms }, (args, frame, at) => {
    const text = textAt(args, 0);
    frame.chargeText(text.length, at);
    return trim(text, args.length > 1 ? textAt(args, 1) : fallback);
  });
}

/** A builtin that looks for one text in another. */
function finder(name: string, result: StaticType, find: (text: string, part: string) => Value): Builtin {
  return define(name, { parameters: [TEXT, TEXT], result }, (args, frame, at) => {
    const text = textAt(args, 0);
    frame.chargeSteps(text.length >> 4, at);
    return find(text, textAt(args, 1));
  });
}

function splitter(name: string, after: boolean): Builtin {
  const forms = [TWO_TEXTS, [...TWO_TEXTS, 'int']];
  const signature = { parameters: [TEXT, TEXT, NUMBER], optional: 1, result: STRING_ARRAY, forms };
  return define(name, signature, (args, frame, at) => {
    const text = textAt(args, 0);
    frame.chargeText(text.length, at);
    const separator = textAt(args, 1);
    const limit = countAt(args, 2);
    if (separator === '') {
      frame.chargeElements(text.length, at);
      return explode(text, limit);
    }
    const parts = splitText(text, separator, limit, after);
    frame.chargeElements(parts.length, at);
    return parts;
  });
}

/** A count that may be left out; negative means no limit. */
function countAt(args: readonly Value[], index: number): number {
  return args.length > index ? (indexOfKey(args[index] ?? null) ?? -1) : -1;
}

/** At most `limit` parts (0 gives none); with `after` each part but the last keeps its separator. */
function splitText(text: string, separator: string, limit: number, after: boolean): string[] {
  if (limit === 0) return [];
  // One part above the budget is enough to be refused.
  const most = limit < 0 ? MEMORY_BUDGET + 1 : limit;
  const parts: string[] = [];
  let from = 0;
  while (parts.length < most - 1) {
    const found = text.indexOf(separator, from);
    if (found < 0) break;
    parts.push(text.slice(from, after ? found + separator.length : found));
    from = found + separator.length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** The characters, the last part holding what is beyond the limit. */
function explode(text: string, limit: number): string[] {
  if (limit === 0) return [];
  const characters = Array.from(text);
  if (limit < 0 || characters.length <= limit) return characters;
  return [...characters.slice(0, limit - 1), characters.slice(limit - 1).join('')];
}

function replaceText(args: readonly Value[], frame: Frame, at: number): string {
  const text = textAt(args, 0);
  const old = textAt(args, 1);
  const replacement = textAt(args, 2);
  const limit = countAt(args, 3);
  if (old === '') {
    frame.chargeText(text.length * (replacement.length + 1) + replacement.length, at);
    return limit === 0 ? text : betweenAll(text, replacement, limit);
  }
  const count = countOccurrences(text, old, limit);
  frame.chargeText(text.length + count * replacement.length, at);
  let result = '';
  let from = 0;
  for (let replaced = 0; replaced < count; replaced++) {
    const found = text.indexOf(old, from);
    result += text.slice(from, found) + replacement;
    from = found + old.length;
  }
  return result + text.slice(from);
}

function countOccurrences(text: string, part: string, limit: number): number {
  let count = 0;
  for (let from = text.indexOf(part); from >= 0 && count !== limit; from = text.indexOf(part, from + part.length))
    count++;
  return count;
}

/** Puts the text before each character and at the end, as often as the limit allows. */
function betweenAll(text: string, insert: string, limit: number): string {
  let result = '';
  let left = limit < 0 ? Infinity : limit;
  for (const character of text) {
    result += left > 0 ? insert + character : character;
    left--;
  }
  return left > 0 ? result + insert : result;
}

function repeatText(args: readonly Value[], frame: Frame, at: number): string {
  const text = textAt(args, 0);
  const count = countAt(args, 1);
  if (count < 0) throw valueError(`invalid argument for repeat (expected positive integer, got ${count})`, at);
  if (count > MAX_REPEAT) throw valueError('memory budget exceeded', at);
  frame.chargeElements(utf8Length(text) * count, at);
  return text.repeat(count);
}

function joinTexts(args: readonly Value[], frame: Frame, at: number): string {
  const glue = textAt(args, 1);
  const parts = arrayAt(args, 0).map((item) => {
    if (typeof item !== 'string') throw notOfType('argument_value', item, 'string', at);
    frame.chargeText(item.length + glue.length, at);
    return item;
  });
  return parts.join(glue);
}

/** Bytes before a text offset; -1 stays. */
function byteOffset(text: string, offset: number): number {
  return offset < 0 ? offset : utf8Length(text, 0, offset);
}

function trimSpace(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

/** Drops characters of the set from both ends. */
function trimSet(text: string, set: string): string {
  const dropped = new Set(set);
  const characters = Array.from(text);
  let from = 0;
  let to = characters.length;
  while (from < to && dropped.has(characters[from] ?? '')) from++;
  while (to > from && dropped.has(characters[to - 1] ?? '')) to--;
  return characters.slice(from, to).join('');
}

const REPLACE: Signature = {
  parameters: [TEXT, TEXT, TEXT, NUMBER],
  optional: 1,
  result: STRING,
  forms: [
    ['string', 'string', 'string', 'int'],
    ['string', 'string', 'string'],
  ],
};

const JOIN: Signature = {
  parameters: [['array'], TEXT],
  optional: 1,
  result: STRING,
  forms: [
    ['[]string', 'string'],
    ['[]interface {}', 'string'],
    ['[]interface {}'],
    ['[]string', 'string'],
    ['[]string'],
  ],
  failure: (value, argument) =>
    argument === 0
      ? `invalid argument for join (type ${value === null ? '%!s(<nil>)' : describeKind(kindOf(value))})`
      : `interface conversion: interface {} is ${value === null ? 'nil' : describeKind(kindOf(value))}, not string`,
};

export const TEXT_BUILTINS: readonly Builtin[] = [
  textToText('lower', toLower),
  textToText('upper', toUpper),
  trimmer('trim', undefined, (text, set) => (set === undefined ? trimSpace(text) : trimSet(text, set))),
  trimmer('trimPrefix', ' ', (text, prefix = ' ') => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimmer('trimSuffix', ' ', (text, suffix = ' ') =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  splitter('split', false),
  splitter('splitAfter', true),
  define('replace', REPLACE, replaceText),
  define('repeat', { parameters: [TEXT, NUMBER], result: STRING }, repeatText),
  define('join', JOIN, joinTexts),
  finder('indexOf', INT, (text, part) => byteOffset(text, text.indexOf(part))),
  finder('lastIndexOf', INT, (text, part) => byteOffset(text, text.lastIndexOf(part))),
  finder('hasPrefix', BOOL, (text, part) => text.startsWith(part)),
  finder('hasSuffix', BOOL, (text, part) => text.endsWith(part)),
];
