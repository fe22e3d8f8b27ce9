import type { Failure } from '../failure';
import { textOf, bytesOf } from '../value/bytes';
import { saturateToSafe } from '../value/integer';
import {
  KindBit,
  type VrlFloat,
  type VrlArray,
  type VrlInteger,
  type VrlObject,
  type VrlRegex,
  type VrlString,
  type VrlTimestamp,
  type VrlValue,
} from '../value/value';

/**
 * One parameter of a function. `T` is what the implementation gets for it.
 *
 * An argument of another kind never reaches the implementation: the compiler refuses it, or checks at run time.
 */
export interface Parameter<T> {
  readonly keyword: string;
  /** Accepted kinds, as {@link KindBit}s. */
  readonly kinds: number;
  readonly required: boolean;
  /** Handed to the implementation when the argument is left out; undefined when there is no default. */
  readonly fallback: T | undefined;
  /** Makes a value what the implementation wants; absent when it takes the value as it is. */
  readonly convert?: (value: VrlValue) => T;
  /** What the argument must be at compile time (error 610 otherwise); absent when any expression will do. */
  readonly compileTime?: CompileTimeForm;
  /** For the compile-time form `enum`: the allowed values. */
  readonly allowed?: readonly string[];
  /** Takes any value when the program runs; the kinds then only count while it is compiled. */
  readonly lenient?: boolean;
  /** The failure of an argument of another kind, where it is told in other words than usual. */
  readonly refuse?: (value: VrlValue) => Failure;
}

/**
 * - `constant`: resolves to a constant (400)
 * - `static`: the same, refused as the language does for a few functions (402)
 * - `enum`: resolves to a constant among `allowed` (400, 401)
 * - `array`: an array literal (400) whose members are constants (402)
 * - `path`: written as a path (400); only functions with `compile` can use it
 */
export type CompileTimeForm = 'constant' | 'static' | 'enum' | 'array' | 'path';

export type ParameterOptions = Pick<Parameter<unknown>, 'compileTime' | 'allowed' | 'lenient' | 'refuse'>;

/** Makes a required parameter. Every constructor below is this with kinds and conversion filled in. */
function parameter<T>(
  keyword: string,
  kinds: number,
  options: ParameterOptions | undefined,
  convert?: (value: VrlValue) => T,
): Parameter<T> {
  return { keyword, kinds, required: true, fallback: undefined, convert, ...options };
}

export const ANY_KIND = 1023 & ~KindBit.undefined;

/** A string as JavaScript text, invalid UTF-8 replaced: right for most functions. */
export function text(keyword: string, options?: ParameterOptions): Parameter<string> {
  return parameter(keyword, KindBit.string, options, (value) =>
    typeof value === 'string' ? value : textOf(value as VrlString),
  );
}

/** A string as its bytes, for codecs and hashes. */
export function bytes(keyword: string, options?: ParameterOptions): Parameter<Uint8Array> {
  return parameter(keyword, KindBit.string, options, (value) => bytesOf(value as VrlString));
}

/** A string as it is: text, or VrlBytes. */
export function string(keyword: string, options?: ParameterOptions): Parameter<VrlString> {
  return parameter(keyword, KindBit.string, options);
}

/** A constant string out of a list. */
export function oneOf<const V extends string>(keyword: string, allowed: readonly V[]): Parameter<V> {
  return parameter(keyword, KindBit.string, { compileTime: 'enum', allowed });
}

/** A 64-bit integer: number, or bigint beyond the safe range. */
export function integer(keyword: string, options?: ParameterOptions): Parameter<VrlInteger> {
  return parameter(keyword, KindBit.integer, options);
}

/** An integer as a number, for counts and limits; beyond ±2^53 it saturates. */
export function count(keyword: string, options?: ParameterOptions): Parameter<number> {
  return parameter(keyword, KindBit.integer, options, (value) => saturateToSafe(value as VrlInteger));
}

/** A float as a plain number. */
export function float(keyword: string, options?: ParameterOptions): Parameter<number> {
  return parameter(keyword, KindBit.float, options, (value) => (value as VrlFloat).value);
}

/** An integer or a float, as it is. */
export function number(keyword: string, options?: ParameterOptions): Parameter<VrlInteger | VrlFloat> {
  return parameter(keyword, KindBit.integer | KindBit.float, options);
}

export function boolean(keyword: string, options?: ParameterOptions): Parameter<boolean> {
  return parameter(keyword, KindBit.boolean, options);
}

export function timestamp(keyword: string, options?: ParameterOptions): Parameter<VrlTimestamp> {
  return parameter(keyword, KindBit.timestamp, options);
}

export function regex(keyword: string, options?: ParameterOptions): Parameter<VrlRegex> {
  return parameter(keyword, KindBit.regex, options);
}

export function array(keyword: string, options?: ParameterOptions): Parameter<VrlArray> {
  return parameter(keyword, KindBit.array, options);
}

export function object(keyword: string, options?: ParameterOptions): Parameter<VrlObject> {
  return parameter(keyword, KindBit.object, options);
}

/** A value of any kind. */
export function any(keyword: string, options?: ParameterOptions): Parameter<VrlValue> {
  return parameter(keyword, ANY_KIND, options);
}

/**
 * A value of several kinds, as it is.
 *
 * @example ofKinds<string | VrlRegex>('pattern', KindBit.string | KindBit.regex)
 */
export function ofKinds<T extends VrlValue = VrlValue>(
  keyword: string,
  kinds: number,
  options?: ParameterOptions,
): Parameter<T> {
  return parameter(keyword, kinds, options);
}

/** The parameter may be left out; the implementation then gets undefined. */
export function optional<T>(param: Parameter<T>): Parameter<T | undefined> {
  return { ...param, required: false };
}

/** The parameter may be left out; the implementation then gets `fallback`. */
export function withDefault<T>(param: Parameter<T>, fallback: T): Parameter<T> {
  return { ...param, required: false, fallback };
}
