import { anyMember, ARRAY, BOOLEAN, INTEGER, isWithin, NULL, union } from '../types/kind';
import { byteOffsetOf, bytesOf, isAscii, positionOfByteOffset, textOf } from '../value/bytes';
import { KindBit, VrlRegex, type VrlArray, type VrlString } from '../value/value';
import { shapeText } from '../value/shape-text';
import { checkArgument } from './bind';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { array, boolean, count, ofKinds, regex, string, text, withDefault } from './parameters';
import { indexOfBytes, startsWithAt } from './text/byte-search';

const contains = define({
  name: 'contains',
  params: [text('value'), text('substring'), withDefault(boolean('case_sensitive'), true)],
  returns: BOOLEAN,
  fallible: false,
  run: (value, substring, caseSensitive) =>
    caseSensitive ? value.includes(substring) : value.toLowerCase().includes(substring.toLowerCase()),
});

const SUBSTRING = text('substrings');

/** Is every element of an array argument known to be a string? */
function elementsAreStrings(call: CallSite, keyword: string): boolean {
  const shape = (call.kind(keyword) ?? ARRAY).array;
  if (shape === null) return false;
  const element = anyMember(shape);
  return element.bits === 0 || isWithin(element, KindBit.string);
}

const containsAll = define({
  name: 'contains_all',
  params: [text('value'), array('substrings'), withDefault(boolean('case_sensitive'), true)],
  returns: BOOLEAN,
  fallible: (call) => !elementsAreStrings(call, 'substrings'),
  run: (value, substrings, caseSensitive) => {
    const haystack = caseSensitive ? value : value.toLowerCase();
    for (const element of substrings) {
      checkArgument(SUBSTRING, element);
      const substring = textOf(element as VrlString);
      if (!haystack.includes(caseSensitive ? substring : substring.toLowerCase())) return false;
    }
    return true;
  },
});

const startsWith = define({
  name: 'starts_with',
  params: [string('value'), string('substring'), withDefault(boolean('case_sensitive'), true)],
  returns: BOOLEAN,
  fallible: false,
  run: (value, substring, caseSensitive) => {
    if (!caseSensitive) return textOf(value).toLowerCase().startsWith(textOf(substring).toLowerCase());
    if (typeof value === 'string' && typeof substring === 'string') return value.startsWith(substring);
    return startsWithAt(bytesOf(value), bytesOf(substring), 0);
  },
});

const endsWith = define({
  name: 'ends_with',
  params: [string('value'), string('substring'), withDefault(boolean('case_sensitive'), true)],
  returns: BOOLEAN,
  fallible: false,
  run: (value, substring, caseSensitive) => {
    if (!caseSensitive) return textOf(value).toLowerCase().endsWith(textOf(substring).toLowerCase());
    if (typeof value === 'string' && typeof substring === 'string') return value.endsWith(substring);
    const bytes = bytesOf(value);
    const part = bytesOf(substring);
    return startsWithAt(bytes, part, bytes.length - part.length);
  },
});

const find = define({
  name: 'find',
  params: [
    string('value'),
    ofKinds<VrlString | VrlRegex>('pattern', KindBit.string | KindBit.regex),
    withDefault(count('from'), 0),
  ],
  returns: union(INTEGER, NULL),
  fallible: false,
  run: (value, pattern, from) => {
    if (from < 0) return null;
    if (pattern instanceof VrlRegex) return findRegex(textOf(value), pattern, from);
    if (typeof value === 'string' && typeof pattern === 'string') return findText(value, pattern, from);
    return indexOfBytes(bytesOf(value), bytesOf(pattern), from) ?? null;
  },
});

function findRegex(text: string, pattern: VrlRegex, from: number): number | null {
  const start = isAscii(text) ? from : positionOfByteOffset(text, from);
  if (start > text.length) return null;
  const match = pattern.exec(text, start);
  return match === null ? null : byteOffsetOf(text, match.index);
}

function findText(text: string, pattern: string, from: number): number | null {
  // Offsets are bytes: only ASCII text has the same ones in JavaScript.
  if (!isAscii(text)) return indexOfBytes(bytesOf(text), bytesOf(pattern), from) ?? null;
  if (from > text.length) return null;
  const index = text.indexOf(pattern, from);
  return index === -1 ? null : index;
}

const match = define({
  name: 'match',
  params: [text('value'), regex('pattern')],
  returns: BOOLEAN,
  fallible: false,
  run: (value, pattern) => pattern.test(value),
});

const matchAny = define({
  name: 'match_any',
  params: [text('value'), array('patterns', { compileTime: 'array' })],
  returns: BOOLEAN,
  fallible: false,
  prepare: (call) => {
    const patterns = (call.constant('patterns') as VrlArray | undefined) ?? [];
    const regexes = patterns.filter((pattern) => pattern instanceof VrlRegex);
    const other = patterns.find((pattern) => !(pattern instanceof VrlRegex));
    if (other !== undefined) throw call.reject(300, `expected regex, got ${shapeText(other)}`);
    return (value) => regexes.some((pattern) => pattern.test(value));
  },
});

export const functions: readonly FunctionDefinition[] = [
  contains,
  containsAll,
  startsWith,
  endsWith,
  find,
  match,
  matchAny,
];
