import { EMPTY_VALUE, type AnyValue } from './any-value';
import { MAX_VALUE_DEPTH } from './decode-limits';
import { BODY_FIELD } from './field-names';
import { isInt64Text } from './integer-text';
import { doubleText } from './number-text';

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERALS: readonly (readonly [text: string, value: AnyValue])[] = [
  ['null', EMPTY_VALUE],
  ['true', { kind: 'bool', value: true }],
  ['false', { kind: 'bool', value: false }],
];
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Reads the text of a `body` field back into the array or map it was made of: order, repeated keys and 64-bit integers
 * included, which JSON.parse would not keep.
 *
 * Only exactly the text that our decoders write is taken, so that decoding the result gives the same text again.
 * Anything else (a line of JSON as an application logged it) is not ours to take apart: undefined.
 */
export function parseStructuredBody(text: string): AnyValue | undefined {
  const first = text[0];
  if (first !== '{' && first !== '[') return undefined;
  const parser = new BodyParser(text);
  const value = parser.value(0);
  return value !== undefined && parser.atEnd ? value : undefined;
}

/** The fields that a structured body leaves beside `body`, by name; the way back of decoding. */
export function structuredBodyFields(body: AnyValue): Map<string, string> {
  const fields = new Map<string, string>();
  addFields(fields, BODY_FIELD, body);
  return fields;
}

function addFields(fields: Map<string, string>, name: string, value: AnyValue): void {
  switch (value.kind) {
    case 'array':
      value.items.forEach((item, index) => addFields(fields, `${name}.${index}`, item));
      break;
    case 'map':
      for (const [key, member] of value.entries) addFields(fields, `${name}.${key}`, member);
      break;
    case 'string':
    case 'int':
      fields.set(name, value.text);
      break;
    case 'bool':
      fields.set(name, String(value.value));
      break;
    case 'double':
      fields.set(name, doubleText(value.value));
      break;
    case 'empty':
      fields.set(name, '');
  }
}

/** Recursive descent over JSON text without white space; undefined means that the text is not of our making. */
class BodyParser {
  readonly #text: string;
  #pos = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#pos === this.#text.length;
  }

  value(depth: number): AnyValue | undefined {
    const first = this.#text[this.#pos];
    if (first === '"') {
      const text = this.#string();
      return text === undefined ? undefined : { kind: 'string', text };
    }
    if (first === '[') return depth < MAX_VALUE_DEPTH ? this.#array(depth) : undefined;
    if (first === '{') return depth < MAX_VALUE_DEPTH ? this.#map(depth) : undefined;
    for (const [literal, value] of LITERALS) {
      if (this.#text.startsWith(literal, this.#pos)) {
        this.#pos += literal.length;
        return value;
      }
    }
    return this.#number();
  }

  #array(depth: number): AnyValue | undefined {
    const items: AnyValue[] = [];
    this.#pos++;
    if (this.#skip(']')) return { kind: 'array', items };
    do {
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#skip(','));
    return this.#skip(']') ? { kind: 'array', items } : undefined;
  }

  #map(depth: number): AnyValue | undefined {
    const entries: [string, AnyValue][] = [];
    this.#pos++;
    if (this.#skip('}')) return { kind: 'map', entries };
    do {
      const key = this.#text[this.#pos] === '"' ? this.#string() : undefined;
      if (key === undefined || !this.#skip(':')) return undefined;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      entries.push([key, value]);
    } while (this.#skip(','));
    return this.#skip('}') ? { kind: 'map', entries } : undefined;
  }

  #string(): string | undefined {
    const start = this.#pos;
    let end = start + 1;
    while (end < this.#text.length && this.#text.charCodeAt(end) !== QUOTE) {
      end += this.#text.charCodeAt(end) === BACKSLASH ? 2 : 1;
    }
    const quoted = this.#text.slice(start, end + 1);
    this.#pos = end + 1;
    let text: unknown;
    try {
      text = JSON.parse(quoted);
    } catch {
      return undefined;
    }
    return typeof text === 'string' && JSON.stringify(text) === quoted ? text : undefined;
  }

  #number(): AnyValue | undefined {
    NUMBER.lastIndex = this.#pos;
    const text = NUMBER.exec(this.#text)?.[0];
    if (text === undefined) return undefined;
    this.#pos += text.length;
    if (isInt64Text(text)) return { kind: 'int', text };
    const value = Number(text);
    return Number.isFinite(value) && doubleText(value) === text ? { kind: 'double', value } : undefined;
  }

  #skip(character: string): boolean {
    if (this.#text[this.#pos] !== character) return false;
    this.#pos++;
    return true;
  }
}
