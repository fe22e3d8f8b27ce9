import { Frame } from '../compile/frame';
import type { EnvironmentTypes } from '../compile/environment';
import { UNKNOWN } from '../types/static-type';
import type { ExprMap } from '../value/expr-map';
import { FieldMap, type FieldLookup } from '../value/field-map';
import type { Value } from '../value/value';

/** Nothing is known of a record's fields before it is there; every name is allowed. */
export const FIELD_TYPES: EnvironmentTypes = { typeOf: () => UNKNOWN, declares: () => false };

/** Evaluation on the fields of one record: a missing field is the empty text. */
export class FieldFrame extends Frame {
  readonly #lookup: FieldLookup;

  constructor(lookup: FieldLookup) {
    super();
    this.#lookup = lookup;
  }

  get(name: string): Value {
    return this.#lookup.get(name) ?? '';
  }

  find(name: string): Value | undefined {
    return this.#lookup.get(name);
  }

  whole(): ExprMap {
    return new FieldMap(this.#lookup);
  }
}
