import { fail } from '../failure';
import { ARRAY, arrayOf, isWithin, STRING, union, type Kind } from '../types/kind';
import { byteLength, isAscii, sliceBytes, textOf, utf8Length } from '../value/bytes';
import { matchAll } from '../regex';
import { kindBitOf } from '../value/kind-of';
import { KindBit, VrlRegex, type VrlArray, type VrlString, type VrlValue } from '../value/value';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { array, count, ofKinds, optional, regex, text, withDefault } from './parameters';
import { stripAnsi } from './text/ansi';
import { replacer, type Pattern } from './text/replace';
import { splitText } from './text/split';
import { trimWhiteSpace } from './text/white-space';
import { checkStringLength } from '../limits';

const join = define({
  name: 'join',
  params: [array('value'), withDefault(text('separator'), '')],
  returns: STRING,
  fallible: true,
  run: (items, separator) => {
    const texts: string[] = [];
    let units = 0;
    for (const item of items) {
      if (!isString(item)) return fail('all array items must be strings');
      const part = textOf(item);
      units += part.length + separator.length;
      checkStringLength(units);
      texts.push(part);
    }
    return texts.join(separator);
  },
});

function isString(value: VrlValue): value is VrlString {
  return kindBitOf(value) === KindBit.string;
}

const replace = define({
  name: 'replace',
  params: [
    text('value'),
    ofKinds<Pattern>('pattern', KindBit.string | KindBit.regex),
    text('with'),
    withDefault(count('count'), -1),
  ],
  returns: STRING,
  fallible: false,
  prepare: () => {
    const replaceIn = replacer();
    return (value, pattern, replacement, limit) => replaceIn(value, pattern, replacement, limit < 0 ? Infinity : limit);
  },
});

const sieve = define({
  name: 'sieve',
  params: [
    text('value'),
    regex('permitted_characters'),
    withDefault(text('replace_single'), ''),
    withDefault(text('replace_repeated'), ''),
  ],
  returns: STRING,
  fallible: false,
  run: (value, permitted, single, repeated) => {
    let kept = '';
    let end = 0;
    for (const match of matchAll(permitted, value)) {
      if (match.index > end) kept += utf8Length(value.slice(end, match.index)) === 1 ? single : repeated;
      kept += match[0];
      checkStringLength(kept.length);
      end = match.index + match[0].length;
    }
    return kept;
  },
});

/** Kind of a part of a string or array. The language takes the elements to be where they were. */
function sliceKind(call: CallSite): Kind {
  const value = call.kind('value');
  return value !== undefined && isWithin(value, KindBit.string | KindBit.array) ? value : union(STRING, ARRAY);
}

const slice = define({
  name: 'slice',
  params: [
    ofKinds<VrlString | VrlArray>('value', KindBit.string | KindBit.array),
    count('start'),
    optional(count('end')),
  ],
  returns: sliceKind,
  fallible: true,
  run: (value, from, to) => {
    const length = Array.isArray(value) ? value.length : byteLength(value);
    const start = from < 0 ? from + length : from;
    const end = to === undefined ? length : to < 0 ? to + length : to;
    if (start < 0 || start > length) return fail(`"start" must be between "${-length}" and "${length}"`);
    if (end < start) return fail('"end" must be greater or equal to "start"');
    return Array.isArray(value) ? value.slice(start, end) : sliceBytes(value, start, Math.min(end, length));
  },
});

/** Parts when no limit is given. */
const UNLIMITED_PARTS = 999_999_999;

const split = define({
  name: 'split',
  params: [
    text('value'),
    ofKinds<Pattern>('pattern', KindBit.string | KindBit.regex),
    withDefault(count('limit'), UNLIMITED_PARTS),
  ],
  returns: arrayOf(STRING),
  fallible: false,
  fresh: true,
  run: (value, pattern, limit) =>
    splitText(value, pattern instanceof VrlRegex ? pattern : textOf(pattern), Math.max(limit, 0)),
});

const stripAnsiEscapeCodes = define({
  name: 'strip_ansi_escape_codes',
  params: [text('value')],
  returns: STRING,
  fallible: false,
  run: stripAnsi,
});

const stripWhitespace = define({
  name: 'strip_whitespace',
  params: [text('value')],
  returns: STRING,
  fallible: false,
  run: trimWhiteSpace,
});

const truncate = define({
  name: 'truncate',
  params: [text('value'), count('limit'), withDefault(text('suffix'), '')],
  returns: STRING,
  fallible: false,
  run: (value, limit, suffix) => {
    const characters = Math.max(limit, 0);
    if (value.length <= characters) return value;
    const end = isAscii(value) ? characters : positionOfCharacter(value, characters);
    return end >= value.length ? value : value.slice(0, end) + suffix;
  },
});

/** UTF-16 position of the n-th character. */
function positionOfCharacter(value: string, n: number): number {
  let position = 0;
  for (let i = 0; i < n && position < value.length; i++) {
    position += (value.codePointAt(position) as number) > 0xffff ? 2 : 1;
  }
  return position;
}

export const functions: readonly FunctionDefinition[] = [
  join,
  replace,
  sieve,
  slice,
  split,
  stripAnsiEscapeCodes,
  stripWhitespace,
  truncate,
];
