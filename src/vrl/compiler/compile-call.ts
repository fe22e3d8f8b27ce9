import type { Typed, TypedCall } from '../checker/typed';
import { Failure } from '../failure';
import { MAX_STRING_UNITS, spendOn, UNITS_PER_PARSED_STEP_SHIFT, UNITS_PER_STEP_SHIFT } from '../limits';
import { ReturnSignal, type Runtime } from '../runtime';
import { refusal } from '../stdlib/bind';
import type { CompiledCall, Evaluate } from '../stdlib/compiled-call';
import { ANY_KIND, type Parameter } from '../stdlib/parameters';
import { mayBe } from '../types/kind';
import { kindBitOf } from '../value/kind-of';
import { KindBit, type VrlValue } from '../value/value';
import { compileClosure } from './compile-closure';
import { compile, compileOwned } from './compile-expression';
import { compilePath } from './compile-query';
import { mutatesCollections } from './effects';

type Call = Typed & { readonly type: 'call' };

/** Gives the value, or the failure instead of throwing it. */
export type Attempt = (runtime: Runtime) => VrlValue | Failure;

/** An argument ready for the implementation: evaluated and converted, or the failure that it is of the wrong kind. */
type Prepared = (runtime: Runtime) => unknown;

/** A call. */
export function compileCall(node: Call): Evaluate {
  const attempt = attemptCall(node);
  return (runtime) => {
    const value = attempt(runtime);
    if (value instanceof Failure) throw value;
    return value;
  };
}

/** A call whose failure is given, not thrown; told with the function's name and place. */
export function attemptCall(node: Call): Attempt {
  const { definition, span } = node;
  const evaluate: Attempt =
    definition.compile === undefined ? attemptImplementation(node) : definition.compile(new CallForCompile(node));
  const prefix = `function call error for "${definition.name}" at (${span.start}:${span.end}): `;
  return (runtime) => {
    let value: VrlValue | Failure;
    try {
      value = evaluate(runtime);
    } catch (thrown) {
      if (thrown instanceof ReturnSignal) return new Failure('return cannot be used inside closures');
      // Errors of the engine, such as a string that is too long, are failures of the function as well.
      if (!(thrown instanceof Failure || thrown instanceof Error)) throw thrown;
      return thrown instanceof Failure ? thrown.within(prefix) : new Failure(prefix + thrown.message);
    }
    if (value instanceof Failure) return value.within(prefix);
    if (typeof value !== 'string' || value.length <= MAX_STRING_UNITS) {
      if (typeof value === 'string') spendOn(value, UNITS_PER_STEP_SHIFT);
      return value;
    }
    return new Failure(`${prefix}string is longer than ${MAX_STRING_UNITS} characters`);
  };
}

function attemptImplementation(node: Call): Attempt {
  const run = node.implementation as ((...args: unknown[]) => VrlValue | Failure) | undefined;
  if (run === undefined) throw new TypeError(`function ${node.definition.name} has no implementation`);
  const prepared = compileArguments(node);
  const { params } = node.definition;
  const isChecked = params.some((param) => isPartial(param, node.arguments.get(param.keyword)));
  if (isChecked || prepared.length > 4) return attemptWithChecks(run, prepared);
  const [a, b, c, d] = prepared;
  // Spelled out for the usual numbers of parameters: no array, no spread.
  switch (prepared.length) {
    case 0:
      return () => run();
    case 1:
      return (runtime) => run(call(a, runtime));
    case 2:
      return (runtime) => run(call(a, runtime), call(b, runtime));
    case 3:
      return (runtime) => run(call(a, runtime), call(b, runtime), call(c, runtime));
    default:
      return (runtime) => run(call(a, runtime), call(b, runtime), call(c, runtime), call(d, runtime));
  }
}

function call(argument: Prepared | undefined, runtime: Runtime): unknown {
  return (argument as Prepared)(runtime);
}

/** For calls of which an argument may turn out to be of the wrong kind. */
function attemptWithChecks(run: (...args: unknown[]) => VrlValue | Failure, prepared: readonly Prepared[]): Attempt {
  return (runtime) => {
    const values = new Array<unknown>(prepared.length);
    let wrong: Failure | undefined;
    for (let i = 0; i < prepared.length; i++) {
      const value = (prepared[i] as Prepared)(runtime);
      // The other arguments are evaluated all the same: they may have effects.
      if (value instanceof Failure) wrong ??= value;
      values[i] = value;
    }
    return wrong ?? run(...values);
  };
}

/** The arguments in the order of the parameters; evaluation keeps that order too. */
function compileArguments(node: Call): Prepared[] {
  const given = node.definition.params.map((param) => node.arguments.get(param.keyword));
  return node.definition.params.map((param, i) => {
    const argument = given[i];
    if (argument === undefined) return () => param.fallback;
    const later = given.slice(i + 1).some((other) => other !== undefined && mutatesCollections(other));
    const evaluate = later ? compileOwned(argument) : compile(argument);
    return prepare(param, argument, counted(evaluate, argument, node));
  });
}

/** Counts the work of looking through a large argument. */
function counted(evaluate: Evaluate, argument: Typed, node: Call): Evaluate {
  if (argument.type === 'constant' || !mayBe(argument.kind, LARGE_KINDS)) return evaluate;
  const makesCollections = mayBe(node.kind, KindBit.array | KindBit.object);
  const shift = makesCollections ? UNITS_PER_PARSED_STEP_SHIFT : UNITS_PER_STEP_SHIFT;
  return (runtime) => {
    const value = evaluate(runtime);
    spendOn(value, shift);
    return value;
  };
}

/** What can be large. */
const LARGE_KINDS = KindBit.string | KindBit.array | KindBit.object;

function prepare(param: Parameter<unknown>, argument: Typed, evaluate: Evaluate): Prepared {
  const { convert } = param;
  if (isPartial(param, argument)) {
    return (runtime) => {
      const value = evaluate(runtime);
      const failure = refusal(param, value);
      if (failure !== undefined) return failure;
      return convert === undefined ? value : convert(value);
    };
  }
  if (argument.type === 'constant') {
    const converted = convert === undefined ? argument.constant : convert(argument.constant);
    return () => converted;
  }
  if (isCertain(param, argument)) {
    return convert === undefined ? evaluate : (runtime) => convert(evaluate(runtime));
  }
  const checked = withCheck(param, evaluate);
  if (convert === undefined) return checked;
  return (runtime) => convert(checked(runtime));
}

/**
 * Is the argument sure to be of a kind that the checker takes for certain? What is read from a variable or path may not
 * be: the language types a group of a regex as a string, also one that takes no part in a match, and blocks of closures
 * as if they had run.
 */
function isCertain(param: Parameter<unknown>, argument: Typed): boolean {
  if (param.lenient === true || param.kinds === ANY_KIND) return true;
  if (argument.type === 'call') return argument.definition.removes === undefined;
  return argument.type === 'constant' || argument.type === 'template';
}

function withCheck(param: Parameter<unknown>, evaluate: Evaluate): Evaluate {
  const { kinds } = param;
  return (runtime) => {
    const value = evaluate(runtime);
    if ((kindBitOf(value) & kinds) !== 0) return value;
    throw refusal(param, value) as Failure;
  };
}

/** Could the checker not tell that the argument is of an accepted kind? */
function isPartial(param: Parameter<unknown>, argument: Typed | undefined): boolean {
  if (argument === undefined || param.lenient === true) return false;
  const { bits } = argument.kind;
  // A member of a collection that was empty when the checker looked at it may be anything in a later round.
  if (bits === 0) return true;
  const known = bits & KindBit.undefined ? bits | KindBit.null : bits;
  return (known & ~param.kinds & ~KindBit.undefined) !== 0;
}

/** What a function of the `compile` form is given. */
class CallForCompile implements CompiledCall {
  readonly has: CompiledCall['has'];
  readonly constant: CompiledCall['constant'];
  readonly kind: CompiledCall['kind'];
  readonly rootWith: CompiledCall['rootWith'];
  readonly timezone: CompiledCall['timezone'];
  readonly host: CompiledCall['host'];
  readonly invalid: CompiledCall['invalid'];
  readonly reject: CompiledCall['reject'];
  readonly closure: CompiledCall['closure'];
  readonly #node: TypedCall;

  constructor(node: TypedCall) {
    this.#node = node;
    this.has = node.site.has;
    this.constant = node.site.constant;
    this.kind = node.site.kind;
    this.rootWith = node.site.rootWith;
    this.timezone = node.site.timezone;
    this.host = node.site.host;
    this.invalid = node.site.invalid;
    this.reject = node.site.reject;
    this.closure = node.closure === undefined ? undefined : compileClosure(node.closure);
  }

  argument(keyword: string): Evaluate | undefined {
    const param = this.#node.definition.params.find((candidate) => candidate.keyword === keyword);
    const argument = this.#node.arguments.get(keyword);
    if (param === undefined || argument === undefined) return undefined;
    // The iterated collection must stand still while the closure changes what it was read from.
    const block = this.#node.closure?.block;
    const evaluate = block !== undefined && mutatesCollections(block) ? compileOwned(argument) : compile(argument);
    const isSafe = !isPartial(param, argument) && isCertain(param, argument);
    return isSafe ? evaluate : withCheck(param, evaluate);
  }

  path(keyword: string): ReturnType<CompiledCall['path']> {
    const argument = this.#node.arguments.get(keyword);
    if (argument?.type !== 'query') throw new TypeError(`${this.#node.definition.name}: ${keyword} is no path`);
    return compilePath(argument);
  }

  fullType(keyword: string): ReturnType<CompiledCall['fullType']> {
    const argument = this.#node.arguments.get(keyword);
    if (argument === undefined) throw new TypeError(`${this.#node.definition.name}: ${keyword} is not given`);
    return argument;
  }
}
