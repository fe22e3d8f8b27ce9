import type { Frame } from '../compile/frame';
import { ExprRuntimeError } from '../errors';
import { describeKind, describeType, mayBe, type Kind, type StaticType } from '../types/static-type';
import { kindOf } from '../value/kind-of';
import type { Value } from '../value/value';

/** Why arguments cannot fit. */
export interface ArgumentProblem {
  readonly message: string;
  /** Which argument it is about; absent where it is about the call as a whole. */
  readonly argument?: number;
}

/** A builtin that takes values only. */
export interface Builtin {
  readonly name: string;
  /** Type of the result for arguments of these types, or why they cannot fit. */
  check(args: readonly StaticType[]): StaticType | ArgumentProblem;
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
/** A count: an int where its type is known, else any number. */
export const NUMBER: Parameter = ['int', 'float'];
export const LIST: Parameter = ['array', 'bytes'];

export interface Signature {
  readonly parameters: readonly Parameter[];
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  readonly result: StaticType | ((args: readonly StaticType[]) => StaticType);
  /**
   * The forms in which it may be called, by the names of the reference's types, where an argument that fits none is told
   * by the last of them. Left out, it takes one form: that of its parameters.
   */
  readonly forms?: readonly (readonly string[])[];
  /** How it words an argument of a wrong type, where it has words of its own. */
  readonly refusal?: (type: string, argument: number) => string;
  /** As {@link refusal} for a value whose type was unknown, where the words differ. */
  readonly failure?: (value: Value, argument: number) => string;
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
      const problem = checkTypes(name, args, signature);
      if (problem !== undefined) return problem;
      return typeof result === 'function' ? result(args) : result;
    },
    call: (args, frame, at) => {
      for (const [index, parameter] of parameters.entries()) {
        const argument = args[index];
        if (argument === undefined || parameter.length === 0) continue;
        if (!parameter.includes(kindOf(argument))) throw refused(signature, argument, index, at);
      }
      return run(args, frame, at);
    },
  };
}

function refused(signature: Signature, value: Value, index: number, at: number): ExprRuntimeError {
  const { parameters, refusal, failure } = signature;
  const reason =
    failure?.(value, index) ?? refusal?.(describeKind(kindOf(value)), index) ?? conversion(parameters[index], value);
  return new ExprRuntimeError('argument_type', reason, at);
}

function conversion(parameter: Parameter | undefined, value: Value): string {
  const kind = kindOf(value);
  if (parameter === NUMBER || parameter === WHOLE) return `invalid operation: int(${describeKind(kind)})`;
  const wanted = parameter?.[0] ?? 'string';
  return `interface conversion: interface {} is ${kind === 'nil' ? 'nil' : describeKind(kind)}, not ${describeKind(wanted)}`;
}

/** Why the types cannot be arguments of the signature; undefined when they can. */
export function checkTypes(
  name: string,
  args: readonly StaticType[],
  signature: Signature,
): ArgumentProblem | undefined {
  const { parameters, optional = 0, refusal } = signature;
  if (refusal === undefined) return checkForms(name, args, signature.forms ?? [parameters.map(typeNameOf)]);
  const count = checkCount(args.length, parameters.length - optional, parameters.length);
  if (count !== undefined) return count;
  for (const [index, type] of args.entries()) {
    const parameter = parameters[index] ?? [];
    if (parameter.length > 0 && !mayBe(type, ...parameter)) return { message: refusal(describeType(type), index) };
  }
  return undefined;
}

function typeNameOf(parameter: Parameter): string {
  const [kind] = parameter;
  return kind === undefined ? ANY_TYPE : describeKind(kind);
}

const ANY_TYPE = 'interface {}';
const ANY_ARRAY = '[]interface {}';

/** The first form that fits decides; when none does, the last one tells why. */
function checkForms(
  name: string,
  args: readonly StaticType[],
  forms: readonly (readonly string[])[],
): ArgumentProblem | undefined {
  let problem: ArgumentProblem | undefined;
  for (const form of forms) {
    problem = checkForm(name, args, form);
    if (problem === undefined) return undefined;
  }
  return problem;
}

function checkForm(name: string, args: readonly StaticType[], form: readonly string[]): ArgumentProblem | undefined {
  if (args.length !== form.length) {
    return { message: `${args.length < form.length ? 'not enough' : 'too many'} arguments to call ${name}` };
  }
  for (const [argument, type] of args.entries()) {
    const wanted = form[argument] ?? ANY_TYPE;
    if (type.kind === 'unknown' || wanted === ANY_TYPE) continue;
    const given = describeType(type);
    if (given === wanted || (wanted === ANY_ARRAY && type.kind === 'array' && type.texts !== true)) continue;
    // The space at the end is the reference's.
    const message =
      type.kind === 'nil'
        ? `cannot use nil as argument (type ${wanted}) to call ${name}`
        : `cannot use ${given} as argument (type ${wanted}) to call ${name} `;
    return { message, argument };
  }
  return undefined;
}

/** Why the number of arguments does not fit; undefined when it does. */
export function checkCount(count: number, least: number, most: number): ArgumentProblem | undefined {
  if (count >= least && count <= most) return undefined;
  const expected =
    most === Infinity || (least !== most && count < least)
      ? `at least ${least}`
      : least === most
        ? `${least}`
        : `at most ${most}`;
  return { message: `invalid number of arguments (expected ${expected}, got ${count})` };
}

/** The error of an argument of a wrong type, in the words of aggregates and the like. */
export function argumentError(name: string, value: Value, at: number): ExprRuntimeError {
  return new ExprRuntimeError('argument_type', wrongType(name, describeKind(kindOf(value))), at);
}

export function wrongType(name: string, type: string): string {
  return `invalid argument for ${name} (type ${type})`;
}

/** The error of a builtin that fails on the value of its argument. */
export function valueError(message: string, at: number): ExprRuntimeError {
  return new ExprRuntimeError('argument_value', message, at);
}

/** Kind of a value as reflection names it, which some builtins do. */
export function reflectedKind(value: Value): string {
  const kind = kindOf(value);
  return REFLECTED.get(kind) ?? kind;
}

const REFLECTED: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  ['nil', 'invalid'],
  ['float', 'float64'],
  ['array', 'slice'],
  ['bytes', 'slice'],
  ['time', 'struct'],
  ['duration', 'int64'],
  ['month', 'int'],
  ['weekday', 'int'],
  ['zone', 'ptr'],
  ['function', 'func'],
]);

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

/** An argument that the signature says is an array or bytes, which are an array of integers. */
export function arrayAt(args: readonly Value[], index: number): readonly Value[] {
  const value = args[index];
  return value instanceof Uint8Array ? Array.from(value) : Array.isArray(value) ? value : [];
}
