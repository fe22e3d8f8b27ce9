import type { Failure } from '../failure';
import type { Kind } from '../types/kind';
import type { VrlValue } from '../value/value';
import type { CompiledCall, Evaluate } from './compiled-call';
import type { FileReader } from './files/read-file';
import type { Parameter } from './parameters';

/** What a function may know of a call when it is compiled. Arguments are named by keyword. */
export interface CallSite {
  /** Is the argument given? */
  has(keyword: string): boolean;
  /** The argument's value when it is a compile-time constant, else undefined (also when it is left out). */
  constant(keyword: string): VrlValue | undefined;
  /** What the argument may be; undefined when it is left out. */
  kind(keyword: string): Kind | undefined;
  /** What the root of a path argument is with a value of another kind at the path. */
  rootWith(keyword: string, kind: Kind): Kind;
  /** The program's timezone: an IANA name, or "local". */
  readonly timezone: string;
  readonly host: Host;
  /** Refuses a constant argument: compile error 610 wrapping 403. */
  invalid(keyword: string, message: string): InvalidArgument;
  /** Any other refusal at compile time, with a code of its own (for instance 112 for a bad grok pattern). */
  reject(code: number, message: string): InvalidArgument;
}

/** Thrown at compile time for an argument that the function cannot take; becomes error 610. */
export class InvalidArgument extends Error {
  constructor(
    readonly code: number,
    message: string,
    /** The argument at fault; undefined points at the whole call. */
    readonly keyword?: string,
  ) {
    super(message);
    this.name = 'InvalidArgument';
  }
}

/** What a program may ask of its surroundings. */
export interface Host {
  /** Receives what the `log` function writes. */
  log(level: 'trace' | 'debug' | 'info' | 'warn' | 'error', message: string, rateLimitSecs: number): void;
  /**
   * Reads a file that a program names in a constant, while it is compiled.
   *
   * @throws FileError
   */
  readonly readFile: FileReader;
}

/** The arguments as the implementation gets them, in the order of the parameters. */
export type Arguments<P extends readonly Parameter<unknown>[]> = {
  [I in keyof P]: P[I] extends Parameter<infer T> ? T : never;
};

/**
 * A function's implementation over evaluated arguments. A failure may be thrown or, which costs a hundredth, returned:
 * `return fail(reason)`. Must not change its arguments.
 */
export type Implementation = (...args: never[]) => VrlValue | Failure;

/** What a closure is given and must return; see language reference section 8. */
export interface ClosureSpec {
  /** The parameter that is iterated; its argument must certainly be within the parameter's kinds. */
  readonly iterates: string;
  /** Kinds of the closure's variables, from the iterated argument's kind. */
  readonly variables: (iterated: Kind) => readonly Kind[];
  /** Bits that the block's result must lie within. */
  readonly result: number;
}

interface Common<P extends readonly Parameter<unknown>[]> {
  readonly name: string;
  readonly params: P;
  /** Kind of the result for arguments of accepted kinds. */
  readonly returns: Kind | ((call: CallSite, closureResult?: Kind) => Kind);
  /** Can it fail with arguments of accepted kinds? (Partial kinds and fallible closures are the compiler's matter.) */
  readonly fallible: boolean | ((call: CallSite) => boolean);
  /** False when the call has an effect, so that an unused result is no mistake. Default true. */
  readonly pure?: boolean;
  /**
   * True when arrays and objects in the result are always new, never (part of) an argument or a shared constant.
   * Lets assignments skip a copy. Default false.
   */
  readonly fresh?: boolean;
  readonly closure?: ClosureSpec;
  /** The path parameter whose value the call takes away, as `del` does; the checker then knows that it is gone. */
  readonly removes?: string;
  /** Called once a call site of the `compile` form; refuses constants like `prepare` does. */
  readonly validate?: (call: CallSite) => void;
}

/** A function of the standard library, in one of three forms: `run`, `prepare` or `compile`. */
export interface FunctionDefinition<
  P extends readonly Parameter<unknown>[] = readonly Parameter<unknown>[],
> extends Common<P> {
  /** The plain form: a function of the evaluated arguments. */
  readonly run?: Implementation;
  /** Called once a call site; checks constants and precomputes from them, then gives the function to run. */
  readonly prepare?: (call: CallSite) => Implementation;
  /** For functions that work on paths, closures or the event instead of values. */
  readonly compile?: (call: CompiledCall) => Evaluate;
}

/**
 * Declares a function; the implementation's parameters are typed after `params`.
 *
 * @example
 * define({
 *   name: 'abs', params: [number('value')], returns: (call) => call.kind('value') ?? NUMBER, fallible: false,
 *   run: (value) => ...,
 * })
 */
export function define<const P extends readonly Parameter<unknown>[]>(
  definition: Common<P> &
    (
      | { readonly run: (...args: Arguments<P>) => VrlValue | Failure }
      | { readonly prepare: (call: CallSite) => (...args: Arguments<P>) => VrlValue | Failure }
      | { readonly compile: (call: CompiledCall) => Evaluate }
    ),
): FunctionDefinition {
  return definition as unknown as FunctionDefinition;
}
