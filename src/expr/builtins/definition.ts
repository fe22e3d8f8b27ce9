import type { Frame } from '../compile/frame';
import { ExprRuntimeError } from '../errors';
import { describeType, type Kind, type StaticType } from '../types/static-type';
import { kindOf } from '../value/kind-of';
import type { Value } from '../value/value';

/** A builtin that takes values only. */
export interface Builtin {
  readonly name: string;
  /** Type of the result for arguments of these types; a text says why they cannot fit. */
  check(args: readonly StaticType[]): StaticType | string;
  /**
   * Runs it.
   *
   * @throws ExprRuntimeError when arguments whose type was unknown do not fit, or the builtin fails on their values.
   */
  call(args: readonly Value[], frame: Frame, at: number): Value;
}

/** Kinds that an argument may have; empty for any. */
export type Parameter = readonly Kind[];

export const ANYTHING: Parameter = [];
export const TEXT: Parameter = ['string'];
export const WHOLE: Parameter = ['int'];
export const NUMBER: Parameter = ['int', 'float'];
export const LIST: Parameter = ['array'];

export interface Signature {
  readonly parameters: readonly Parameter[];
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  readonly result: StaticType | ((args: readonly StaticType[]) => StaticType);
}

/** A builtin whose arguments are checked by their kinds alone. */
export function define(
  name: string,
  signature: Signature,
  run: (args: readonly Value[], frame: Frame, at: number) => Value,
): Builtin {
  const { parameters, result } = signature;
  return {
    name,
    check: (args) => {
      const problem = checkTypes(args, signature);
      if (problem !== undefined) return problem;
      return typeof result === 'function' ? result(args) : result;
    },
    call: (args, frame, at) => {
      for (const [index, parameter] of parameters.entries()) {
        const argument = args[index];
        if (argument === undefined || parameter.length === 0) continue;
        const kind = kindOf(argument);
        if (!parameter.includes(kind)) throw argumentError(name, kind, at);
      }
      return run(args, frame, at);
    },
  };
}

/** Why the types cannot be arguments of the signature; undefined when they can. */
export function checkTypes(args: readonly StaticType[], signature: Signature): string | undefined {
  const { parameters, optional = 0 } = signature;
  const count = checkCount(args.length, parameters.length - optional, parameters.length);
  if (count !== undefined) return count;
  for (const [index, type] of args.entries()) {
    const parameter = parameters[index] ?? [];
    if (parameter.length > 0 && type.kind !== 'unknown' && !parameter.includes(type.kind)) return wrongType(type);
  }
  return undefined;
}

/** Why the number of arguments does not fit; undefined when it does. */
export function checkCount(count: number, least: number, most: number): string | undefined {
  if (count >= least && count <= most) return undefined;
  const expected = least === most ? `${least}` : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
  return `expected ${expected} arguments, got ${count}`;
}

export function wrongType(type: StaticType): string {
  return `cannot take an argument of type ${describeType(type)}`;
}

export function argumentError(name: string, kind: string, at: number): ExprRuntimeError {
  return new ExprRuntimeError('argument_type', `${name}: cannot take an argument of type ${kind}`, at);
}

/** The error of a builtin that fails on the value of its argument. */
export function valueError(name: string, message: string, at: number): ExprRuntimeError {
  return new ExprRuntimeError('argument_value', `${name}: ${message}`, at);
}

/** An argument that the signature says is text; the default where it was left out. */
export function textAt(args: readonly Value[], index: number, fallback = ''): string {
  const value = args[index];
  return typeof value === 'string' ? value : fallback;
}

/** An argument that the signature says is an integer. */
export function integerAt(args: readonly Value[], index: number): number | bigint | undefined {
  const value = args[index];
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}

/** An argument that the signature says is an array. */
export function arrayAt(args: readonly Value[], index: number): readonly Value[] {
  const value = args[index];
  return Array.isArray(value) ? value : [];
}
