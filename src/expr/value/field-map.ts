import { ExprMap } from './expr-map';
import type { Value } from './value';

/** Where the text fields of one record are read from. */
export interface FieldLookup {
  /** The field's text, or undefined where the record has no such field. */
  get(name: string): string | undefined;
  /** Names of all fields of the record. */
  names(): Iterable<string>;
}

/** The fields of a record held in a plain object. */
export class RecordLookup implements FieldLookup {
  readonly #fields: Readonly<Record<string, string>>;

  constructor(fields: Readonly<Record<string, string>>) {
    this.#fields = fields;
  }

  get(name: string): string | undefined {
    const value: unknown = this.#fields[name];
    // What an object inherits is never text, so own fields need no look-up of their own.
    return typeof value === 'string' ? value : undefined;
  }

  names(): Iterable<string> {
    return Object.keys(this.#fields);
  }
}

/** A record's fields as a map of the language; an absent field reads as the empty text. */
export class FieldMap extends ExprMap {
  readonly #lookup: FieldLookup;

  constructor(lookup: FieldLookup) {
    super('');
    this.#lookup = lookup;
  }

  override get size(): number {
    let count = 0;
    for (const _name of this.#lookup.names()) count++;
    return count;
  }

  override get(key: Value): Value | undefined {
    return typeof key === 'string' ? this.#lookup.get(key) : undefined;
  }

  override has(key: Value): boolean {
    return this.get(key) !== undefined;
  }

  override set(): never {
    throw new TypeError('the fields of a record are read-only');
  }

  override entries(): Iterable<{ readonly key: Value; readonly value: Value }> {
    const entries: { readonly key: Value; readonly value: Value }[] = [];
    for (const key of this.#lookup.names()) entries.push({ key, value: this.#lookup.get(key) ?? '' });
    return entries;
  }
}
