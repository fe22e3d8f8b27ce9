/** Base of the values that JavaScript has no distinct form for; `kind` is the value's {@link KindBit}. */
export abstract class VrlScalar {
  abstract readonly kind: number;
}

/** 64-bit integer: a JavaScript number while it is a safe integer, else a bigint. One value has one form. */
export type VrlInteger = number | bigint;

/** Byte string: a JavaScript string when the bytes are valid UTF-8 (so never with lone surrogates), else {@link VrlBytes}. */
export type VrlString = string | VrlBytes;

/** Keys are valid UTF-8; made by {@link emptyObject}, never by a literal, so that nothing is inherited. */
export interface VrlObject {
  [key: string]: VrlValue;
}

export type VrlArray = VrlValue[];

/** Any value of the language. Values are shared freely, so a function must never change one that it was given. */
export type VrlValue =
  null | boolean | VrlInteger | VrlString | VrlFloat | VrlTimestamp | VrlRegex | VrlArray | VrlObject;

/**
 * The kinds as bits, so that a set of kinds is one number. The order is that of kind names in messages.
 */
export const KindBit = {
  string: 1,
  integer: 2,
  float: 4,
  boolean: 8,
  timestamp: 16,
  regex: 32,
  null: 64,
  /** A path that may be absent; exists for the type checker alone. */
  undefined: 128,
  array: 256,
  object: 512,
} as const;

// Prototype without a prototype: instances keep V8's fast property layout (Object.create(null) does not)
// and still inherit nothing, not even the `__proto__` accessor.
const EmptyObject = function () {} as unknown as new () => VrlObject;
EmptyObject.prototype = Object.freeze(Object.create(null));

/** A new object without members. */
export function emptyObject(): VrlObject {
  return new EmptyObject();
}

/** An object made of entries, for instance `objectOf([['a', 1]])`. */
export function objectOf(entries: Iterable<readonly [string, VrlValue]>): VrlObject {
  const object = new EmptyObject();
  for (const [key, value] of entries) object[key] = value;
  return object;
}

/** True for objects of the language's own form (see {@link emptyObject}), false for plain JavaScript objects. */
export function isOwnObject(value: object): value is VrlObject {
  return Object.getPrototypeOf(value) === EmptyObject.prototype;
}

/** Bytes that are not valid UTF-8. Made by `stringFromBytes` alone, so that equal byte strings have one form. */
export class VrlBytes extends VrlScalar {
  override readonly kind = KindBit.string;
  constructor(readonly bytes: Uint8Array) {
    super();
  }
  /** Text with U+FFFD for what is not UTF-8; makes JSON.stringify on a value sensible. */
  toJSON(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytes);
  }
}

/** A float, infinities included, never NaN; a class because `1.0` and `1` are different values. */
export class VrlFloat extends VrlScalar {
  override readonly kind = KindBit.float;
  constructor(readonly value: number) {
    super();
  }
  toJSON(): number {
    return this.value;
  }
}

/** An instant in UTC with nanoseconds. */
export class VrlTimestamp extends VrlScalar {
  override readonly kind = KindBit.timestamp;
  /**
   * @param seconds whole seconds since the Unix epoch, rounded down (negative before 1970)
   * @param nanos nanoseconds within that second, 0 to 999,999,999
   */
  constructor(
    readonly seconds: number,
    readonly nanos: number,
  ) {
    super();
  }
  /** Milliseconds since the Unix epoch, rounded down. */
  get epochMs(): number {
    return this.seconds * 1000 + Math.floor(this.nanos / 1_000_000);
  }
  /** Nanoseconds since the Unix epoch; may exceed 64 bits for far years. */
  get epochNanos(): bigint {
    return BigInt(this.seconds) * 1_000_000_000n + BigInt(this.nanos);
  }
  static fromEpochMs(ms: number): VrlTimestamp {
    const seconds = Math.floor(ms / 1000);
    return new VrlTimestamp(seconds, Math.round((ms - seconds * 1000) * 1_000_000));
  }
  static fromEpochNanos(nanos: bigint): VrlTimestamp {
    const rest = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
    return new VrlTimestamp(Number((nanos - rest) / 1_000_000_000n), Number(rest));
  }
}

/** What a regex finds: `[0]` the whole match, `[n]` group n (undefined when it took no part), positions in UTF-16 units. */
export interface RegexMatch extends Array<string | undefined> {
  0: string;
  index: number;
}

/** A pattern in Rust regex syntax, translated once. Made by `compileRegex`. */
export abstract class VrlRegex extends VrlScalar {
  override readonly kind = KindBit.regex;
  /** @param source the pattern as written; two regexes are equal when their sources are */
  constructor(
    readonly source: string,
    /** Name of each group by number; index 0 (the whole match) and unnamed groups are null. */
    readonly groupNames: readonly (string | null)[],
  ) {
    super();
  }
  /** First match at or after `from` (a UTF-16 position), or null. */
  abstract exec(text: string, from?: number): RegexMatch | null;
  abstract test(text: string): boolean;
  toJSON(): string {
    return this.source;
  }
}
