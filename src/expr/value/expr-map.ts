import { ExprCalendarName, ExprDuration, ExprFloat, ExprTime, type Value } from './value';

/** A map. Keys are text except where `groupBy` and `fromPairs` make them from any comparable value. */
export class ExprMap {
  /** Whether keys may be other than text: asking a map of text keys for another key is an error. */
  readonly anyKeys: boolean;
  /** What reading an absent key gives: nil, or the empty string for maps of text fields. */
  readonly absent: Value;
  readonly #entries = new Map<string | number | bigint | boolean | null, { key: Value; value: Value }>();

  constructor(absent: Value = null, anyKeys = false) {
    this.absent = absent;
    this.anyKeys = anyKeys;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(identity(key))?.value;
  }

  has(key: Value): boolean {
    return this.#entries.has(identity(key));
  }

  set(key: Value, value: Value): void {
    this.#entries.set(identity(key), { key, value });
  }

  /** Keys and values in the order they were first set. */
  entries(): Iterable<{ readonly key: Value; readonly value: Value }> {
    return this.#entries.values();
  }
}

/** Whether a value may be a key: everything that compares by value, which leaves out arrays, maps and functions. */
export function isComparable(value: Value): boolean {
  return (
    value === null ||
    typeof value !== 'object' ||
    value instanceof ExprFloat ||
    value instanceof ExprDuration ||
    value instanceof ExprTime ||
    value instanceof ExprCalendarName
  );
}

/** Boxed values get a text of their own, behind a NUL that keeps them apart from text keys. */
function identity(key: Value): string | number | bigint | boolean | null {
  if (typeof key === 'string') return key.startsWith('\0') ? `\0s${key}` : key;
  if (typeof key !== 'object') return key;
  if (key instanceof ExprFloat) return `\0f${key.value}`;
  if (key instanceof ExprDuration) return `\0d${key.nanoseconds}`;
  if (key instanceof ExprCalendarName) return `\0${key.kind}${key.number}`;
  if (key instanceof ExprTime) return `\0t${key.nanoseconds}`;
  return null;
}
