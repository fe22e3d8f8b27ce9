import { Compiler } from './compile/compiler';
import type { EnvironmentTypes } from './compile/environment';
import { Frame } from './compile/frame';
import { guarded } from './compile/guard';
import { ExprRuntimeError } from './errors';
import { parse } from './syntax/parser';
import {
  ARRAY,
  BOOL,
  BYTES,
  DURATION,
  FLOAT,
  FUNCTION,
  INT,
  MAP,
  STRING,
  TIME,
  UNKNOWN,
  type StaticType,
} from './types/static-type';
import { ExprMap } from './value/expr-map';
import { exportValue, importValue } from './value/host';
import { ExprFloat, type Value } from './value/value';

/** Types that a name of the environment can be declared with; `any` when nothing is known of it. */
export type EnvironmentType =
  'any' | 'bool' | 'int' | 'float' | 'string' | 'bytes' | 'array' | 'map' | 'time' | 'duration' | 'function';

export interface ExprOptions {
  /**
   * Whether names that the environment lacks are nil. Otherwise using one is an error: of compilation where `env` declares
   * the names, else of evaluation, before anything is evaluated.
   */
  readonly allowUndefined?: boolean;
  /** Types of the environment's names, where they are known. */
  readonly env?: Readonly<Record<string, EnvironmentType>>;
}

/** A compiled expression. It holds no state: it may be evaluated any number of times. */
export interface Expr {
  readonly source: string;
  /**
   * Value of the expression in an environment.
   *
   * Values of the host become values of the language and back: whole numbers and bigints are integers, other numbers and
   * numbers of names declared so floats, null and undefined nil, a Date a time, a Uint8Array bytes, objects and Maps maps,
   * functions functions. The result has numbers for floats, integers up to 2^53-1, months and days of the week, bigints for
   * larger integers, Dates for times, plain objects for maps.
   *
   * @throws ExprRuntimeError where the language cannot evaluate these values.
   */
  evaluate(env: Readonly<Record<string, unknown>>): unknown;
}

const TYPES: ReadonlyMap<EnvironmentType, StaticType> = new Map<EnvironmentType, StaticType>([
  ['any', UNKNOWN],
  ['bool', BOOL],
  ['int', INT],
  ['float', FLOAT],
  ['string', STRING],
  ['bytes', BYTES],
  ['array', ARRAY],
  ['map', MAP],
  ['time', TIME],
  ['duration', DURATION],
  ['function', FUNCTION],
]);

/**
 * Compiles an expression of any type over any environment.
 *
 * @throws ExprSyntaxError, ExprCompileError
 * @example compileExpr('sum(sizes) / len(sizes)').evaluate({ sizes: [1, 2] }) // 1.5
 */
export function compileExpr(source: string, options: ExprOptions = {}): Expr {
  const root = parse(source);
  const compiler = new Compiler(source, declaredTypes(options));
  const { run, at } = compiler.compile(root);
  const names = options.allowUndefined === true ? [] : [...compiler.use.required];
  const floats = new Set(Object.entries(options.env ?? {}).flatMap(([name, type]) => (type === 'float' ? [name] : [])));
  return {
    source,
    evaluate: (env) => {
      for (const [name, offset] of names) {
        if (Object.hasOwn(env, name)) continue;
        throw new ExprRuntimeError('unknown_name', `unknown name ${name}`, offset).locate(source);
      }
      return guarded(() => exportValue(run(new HostFrame(env, floats)), at), source, at);
    },
  };
}

function declaredTypes({ env, allowUndefined }: ExprOptions): EnvironmentTypes {
  if (env === undefined) return { typeOf: () => UNKNOWN, declares: () => false };
  const types = new Map(Object.entries(env).map(([name, type]) => [name, TYPES.get(type) ?? UNKNOWN]));
  return {
    typeOf: (name) => types.get(name) ?? (allowUndefined === true ? UNKNOWN : undefined),
    declares: (name) => types.has(name),
  };
}

/** Evaluation on an object of the host. */
class HostFrame extends Frame {
  readonly #env: Readonly<Record<string, unknown>>;
  /** Names whose numbers are floats even where they are whole. */
  readonly #floats: ReadonlySet<string>;

  constructor(env: Readonly<Record<string, unknown>>, floats: ReadonlySet<string>) {
    super();
    this.#env = env;
    this.#floats = floats;
  }

  get(name: string): Value {
    return this.find(name) ?? null;
  }

  find(name: string): Value | undefined {
    return Object.hasOwn(this.#env, name) ? this.#import(name, this.#env[name]) : undefined;
  }

  whole(): ExprMap {
    const map = new ExprMap();
    for (const [name, value] of Object.entries(this.#env)) map.set(name, this.#import(name, value));
    return map;
  }

  #import(name: string, value: unknown): Value {
    return typeof value === 'number' && this.#floats.has(name) ? new ExprFloat(value) : importValue(value, 0);
  }
}
