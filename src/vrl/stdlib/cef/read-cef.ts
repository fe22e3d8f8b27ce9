import { fail, type Failure } from '../../failure';
import { traceText, type Step } from '../text/parse-trace';
import { trimWhiteSpace } from '../text/white-space';

/** Where CEF starts; a syslog header or other text may stand in front. */
const PREFIX = 'CEF:';

/** Fields of a header and the position behind it. */
export interface Header {
  readonly values: readonly string[];
  readonly end: number;
}

/**
 * Reads the fields of a header, each with a bar behind it; a backslash before a bar or a backslash makes it part of the
 * field. Blanks around a field do not count.
 *
 * @returns a failure when there is no header, or it has fewer fields
 */
export function readHeader(text: string, fields: number): Header | Failure {
  const prefix = text.indexOf(PREFIX);
  if (prefix === -1) return refused(text, [[0, 'TakeUntil']]);
  const start = prefix + PREFIX.length;
  const values: string[] = [];
  let position = start;
  while (values.length < fields) {
    if (text[position] === '|') position++;
    const fieldStart = position;
    let field = '';
    for (let char = text[position]; char !== undefined && char !== '|'; char = text[position]) {
      if (char === '\\') {
        position++;
        const escaped = text[position];
        if (escaped !== '|' && escaped !== '\\') {
          const step: Step = escaped === undefined ? [position - 1, 'EscapedTransform'] : [position, 'Satisfy'];
          return refused(text, [step, [fieldStart, 'Alt'], [start, 'Count']]);
        }
      }
      field += text[position];
      position++;
    }
    values.push(trimWhiteSpace(field));
  }
  if (text[position] === '|') return { values, end: position + 1 };
  return refused(text, [
    [position, 'Tag'],
    [position, 'Alt'],
  ]);
}

function refused(text: string, steps: readonly Step[]): Failure {
  return fail(traceText(text, steps));
}

/** Extension pairs in their order and the position behind what could be read. */
export interface Extensions {
  readonly pairs: readonly (readonly [string, string])[];
  readonly end: number;
}

/**
 * Reads `key=value` pairs, apart by a blank or a bar. A value goes on until the next key; an equals sign in it stands
 * behind a backslash. Reading ends at text that belongs to no pair.
 */
export function readExtensions(text: string, from: number): Extensions {
  const pairs: [string, string][] = [];
  let position = from;
  let keyEnd = endOfKey(text, position);
  while (keyEnd !== -1) {
    const valueStart = keyEnd + 1;
    const equals = nextEquals(text, valueStart);
    const separator = equals === -1 ? -1 : separatorBefore(text, valueStart, equals);
    if (equals !== -1 && separator === -1) break;
    if (equals === -1 && endsWithEscape(text, valueStart)) break;
    let valueEnd = equals === -1 ? text.length : separator;
    if (equals === -1) while (valueEnd > valueStart && text[valueEnd - 1] === ' ') valueEnd--;
    pairs.push([text.slice(position, keyEnd), valueText(text.slice(valueStart, valueEnd))]);
    position = equals === -1 ? text.length : separator + 1;
    keyEnd = equals;
  }
  return { pairs, end: position };
}

/** Like {@link readExtensions}, but text that belongs to no pair is skipped, and values may hold equals signs. */
export function readExtensionsLeniently(text: string, from: number): Extensions {
  const pairs: [string, string][] = [];
  let equals = nextKeyedEquals(text, from, from);
  while (equals !== -1) {
    const valueStart = equals + 1;
    const key = text.slice(startOfKey(text, from, equals), equals);
    const next = nextKeyedEquals(text, valueStart, valueStart);
    let valueEnd = next === -1 ? text.length : startOfKey(text, valueStart, next) - 1;
    while (valueEnd > valueStart && text[valueEnd - 1] === ' ') valueEnd--;
    pairs.push([key, valueText(text.slice(valueStart, Math.max(valueStart, valueEnd)))]);
    equals = next;
  }
  return { pairs, end: text.length };
}

/** The next equals sign with a key before it, which stands at `start` or behind a blank. */
function nextKeyedEquals(text: string, from: number, start: number): number {
  for (let equals = nextEquals(text, from); equals !== -1; equals = nextEquals(text, equals + 1)) {
    const key = startOfKey(text, start, equals);
    if (key < equals && (text[key - 1] === ' ' || text[key - 1] === '|')) return equals;
  }
  return -1;
}

/** The blank or bar that the key before an equals sign stands behind, the first that there is; -1 for none. */
function separatorBefore(text: string, from: number, equals: number): number {
  const key = startOfKey(text, from, equals);
  if (key < equals && key > from && text[key - 1] === ' ') return key - 1;
  const bar = text.indexOf('|', key);
  return bar !== -1 && bar + 1 < equals ? bar : -1;
}

/** Position of the next equals sign that no backslash stands before; -1 when there is none. */
function nextEquals(text: string, from: number): number {
  for (let position = from; position < text.length; position++) {
    const char = text[position];
    if (char === '\\') position++;
    else if (char === '=') return position;
  }
  return -1;
}

/** Does a text end with a backslash that no other escapes? */
function endsWithEscape(text: string, from: number): boolean {
  let backslashes = 0;
  while (text.length - backslashes > from && text[text.length - backslashes - 1] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** End of the key at a position, where its equals sign is; -1 when there is no key. */
function endOfKey(text: string, from: number): number {
  let position = from;
  while (position < text.length && isKeyUnit(text.charCodeAt(position))) position++;
  return position > from && text[position] === '=' ? position : -1;
}

/** Start of the key that ends at a position. */
function startOfKey(text: string, from: number, end: number): number {
  let position = end;
  while (position > from && isKeyUnit(text.charCodeAt(position - 1))) position--;
  return position;
}

/** Everything but blanks, equals signs and backslashes. */
function isKeyUnit(unit: number): boolean {
  return unit !== 0x20 && unit !== 0x3d && unit !== 0x5c;
}

/** A value without surrounding quotes and without escapes. */
function valueText(raw: string): string {
  const quoted = raw.length > 1 && raw.startsWith('"') && raw.endsWith('"');
  const inner = quoted ? raw.slice(1, -1) : raw;
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\([=\\nr])/g, (_, char: string) => (char === 'n' || char === 'r' ? '\n' : char));
}
