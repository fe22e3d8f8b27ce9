import { describeKind, STRING, UNKNOWN } from '../types/static-type';
import { formatTime } from '../time/layout';
import type { Frame } from '../compile/frame';
import { ExprMap } from '../value/expr-map';
import { formatFloat } from '../value/float-text';
import { kindOf } from '../value/kind-of';
import { compareText } from '../value/text-order';
import { ExprCalendarName, ExprDuration, ExprFloat, ExprTime, ExprZone, isArray, type Value } from '../value/value';
import { describeJsonProblem } from './json-problem';
import { encodeBase64 } from './base64';
import { ANYTHING, define, TEXT, textAt, valueError, type Builtin } from './definition';

const INDENT = '  ';
const TIME_LAYOUT = '2006-01-02T15:04:05.999999999Z07:00';

/** Characters that the reference escapes beside those of JSON, so that the text may stand in HTML and scripts. */
const UNSAFE = /[<>&\u2028\u2029]/g;

function quoteJson(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Writes values as indented JSON with sorted keys. */
class JsonWriter {
  readonly #frame: Frame;
  readonly #at: number;

  constructor(frame: Frame, at: number) {
    this.#frame = frame;
    this.#at = at;
  }

  write(value: Value, indent: string): string {
    const text = this.#text(value, indent);
    // What is nested is counted at each level; a level adds its own text only.
    this.#frame.chargeText(typeof value === 'object' ? indent.length + 2 : text.length, this.#at);
    return text;
  }

  #text(value: Value, indent: string): string {
    if (value === null) return 'null';
    if (typeof value === 'string') return quoteJson(value);
    if (typeof value !== 'object') return String(value);
    if (value instanceof ExprFloat) return this.#float(value.value);
    if (value instanceof ExprTime) return quoteJson(this.#time(value));
    if (value instanceof ExprDuration) return String(value.nanoseconds);
    if (value instanceof ExprCalendarName) return String(value.number);
    if (value instanceof Uint8Array) return quoteJson(encodeBase64(value));
    if (isArray(value)) return this.#list('[', ']', value, indent, (item, inner) => this.write(item, inner));
    if (value instanceof ExprMap) return this.#map(value, indent);
    // A zone is an object that shows none of its parts.
    if (value instanceof ExprZone) return '{}';
    throw valueError(`json: unsupported type: ${describeKind(kindOf(value))}`, this.#at);
  }

  /** The form of times in JSON has years of four digits. */
  #time(time: ExprTime): string {
    const text = formatTime(time, TIME_LAYOUT);
    if (/^\d{4}-/.test(text)) return text;
    const reason =
      'json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]';
    throw valueError(reason, this.#at);
  }

  #float(value: number): string {
    if (!Number.isFinite(value)) throw valueError(`json: unsupported value: ${formatFloat(value)}`, this.#at);
    return Object.is(value, -0) ? '-0' : String(value);
  }

  #map(map: ExprMap, indent: string): string {
    const entries = Array.from(map.entries(), ({ key, value }) => ({ name: this.#key(key), value }));
    entries.sort((left, right) => compareText(left.name, right.name));
    return this.#list(
      '{',
      '}',
      entries,
      indent,
      ({ name, value }, inner) => `${quoteJson(name)}: ${this.write(value, inner)}`,
    );
  }

  #key(key: Value): string {
    if (typeof key === 'string') return key;
    if (typeof key === 'number' || typeof key === 'bigint') return String(key);
    throw valueError('json: unsupported type: map[interface {}][]interface {}', this.#at);
  }

  #list<Item>(
    open: string,
    close: string,
    items: readonly Item[],
    indent: string,
    write: (item: Item, indent: string) => string,
  ): string {
    if (items.length === 0) return open + close;
    const inner = indent + INDENT;
    return `${open}\n${inner}${items.map((item) => write(item, inner)).join(`,\n${inner}`)}\n${indent}${close}`;
  }
}

function fromJson(text: string, frame: Frame, at: number): Value {
  frame.chargeText(text.length, at);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw valueError(describeJsonProblem(text), at);
  }
  return toValue(parsed, { text, frame, at });
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/g;

/** The first number of a JSON text, as written, that is beyond 64-bit floats. */
function findHugeNumber(text: string): string {
  for (const [token] of text.matchAll(STRING_OR_NUMBER)) {
    if (!token.startsWith('"') && !Number.isFinite(Number(token))) return token;
  }
  return '';
}

interface Source {
  readonly text: string;
  readonly frame: Frame;
  readonly at: number;
}

/** Numbers of JSON are floats. */
function toValue(json: unknown, source: Source): Value {
  const { text, frame, at } = source;
  frame.chargeElements(1, at);
  if (typeof json === 'number') {
    if (Number.isFinite(json)) return new ExprFloat(json);
    const reason = `json: cannot unmarshal number ${findHugeNumber(text)} into Go value of type float64`;
    throw valueError(reason, at);
  }
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map((item: unknown) => toValue(item, source));
  const map = new ExprMap();
  for (const [key, value] of Object.entries(json ?? {})) map.set(key, toValue(value, source));
  return map;
}

export const JSON_BUILTINS: readonly Builtin[] = [
  define('toJSON', { parameters: [ANYTHING], result: STRING }, ([value = null], frame, at) =>
    new JsonWriter(frame, at).write(value, ''),
  ),
  define('fromJSON', { parameters: [TEXT], result: UNKNOWN }, (args, frame, at) =>
    fromJson(textAt(args, 0), frame, at),
  ),
];
