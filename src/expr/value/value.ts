import { formatDuration } from '../time/duration-text';
import type { ExprMap } from './expr-map';

/**
 * A 64-bit float. Floats are boxed because plain numbers are integers: `1` and `1.0` differ in `type()`, in division of
 * labour between operators and in deep equality. A host makes one of a whole number that is to be a float.
 */
export class ExprFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A span of time in nanoseconds (64 bits). */
export class ExprDuration {
  /** The span, or the longest one of its sign where 64 bits do not hold it. */
  static clamped(nanoseconds: bigint): ExprDuration {
    const most = 2n ** 63n - 1n;
    const least = -most - 1n;
    return new ExprDuration(nanoseconds > most ? most : nanoseconds < least ? least : nanoseconds);
  }

  readonly nanoseconds: bigint;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = BigInt.asIntN(64, nanoseconds);
  }

  /** As `string()` shows it: `1h30m0s`. */
  toString(): string {
    return formatDuration(this.nanoseconds);
  }

  /** Its nanoseconds, as in the JSON of the language. */
  toJSON(): number {
    return Number(this.nanoseconds);
  }
}

/** A time zone: an IANA name, or a fixed offset with its abbreviation. */
export class ExprZone {
  readonly name: string;
  /** Seconds east of UTC for a fixed offset; absent for a zone of the IANA database. */
  readonly offset: number | undefined;

  constructor(name: string, offset?: number) {
    this.name = name;
    this.offset = offset;
  }

  toString(): string {
    return this.name;
  }
}

export const UTC = new ExprZone('UTC', 0);

/** An instant in nanoseconds since 1970 and the zone it is shown in. */
export class ExprTime {
  readonly nanoseconds: bigint;
  readonly zone: ExprZone;

  constructor(nanoseconds: bigint, zone: ExprZone = UTC) {
    this.nanoseconds = nanoseconds;
    this.zone = zone;
  }
}

/**
 * A month or a day of the week: an integer of a type of its own, shown by its name. It equals no plain integer and takes no
 * part in arithmetic; `int()` makes a number of it.
 */
export class ExprCalendarName {
  readonly kind: 'month' | 'weekday';
  /** January is 1, Sunday is 0. */
  readonly number: number;

  constructor(kind: 'month' | 'weekday', number: number) {
    this.kind = kind;
    this.number = number;
  }
}

/** A function of the host. */
export class ExprFunction {
  readonly call: (args: readonly Value[], at: number) => Value;

  constructor(call: (args: readonly Value[], at: number) => Value) {
    this.call = call;
  }
}

/** A 64-bit integer: a number where it is safe (never -0), a bigint beyond. Equal integers are thus `===`. */
export type ExprInteger = number | bigint;

export type ExprArray = readonly Value[];

/** Any value of the language at run time; null is nil. */
export type Value =
  | null
  | boolean
  | string
  | ExprInteger
  | ExprFloat
  | ExprDuration
  | ExprTime
  | ExprZone
  | ExprCalendarName
  | ExprFunction
  | Uint8Array
  | ExprArray
  | ExprMap;

/** Whether the value is an array of the language (bytes are not). */
export function isArray(value: Value): value is ExprArray {
  return Array.isArray(value);
}
