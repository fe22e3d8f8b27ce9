import { Failure } from './failure';
import { VrlAbort, VrlRuntimeError, type Diagnostic } from './errors';
import { endBudget, LimitExceeded, startBudget } from './limits';
import { AbortSignal, ReturnSignal, type Runtime } from './runtime';
import type { Evaluate } from './stdlib/compiled-call';
import { fromJs } from './value/from-js';
import { emptyObject, isOwnObject, type VrlValue } from './value/value';

/** What a run gives. */
export interface RunResult {
  /** Value of the last expression, or of `return`. */
  readonly value: VrlValue;
  /** The event as the program left it. */
  readonly event: VrlValue;
  readonly metadata: VrlValue;
}

/** A compiled program; may run any number of times, one at a time. */
export class Program {
  readonly warnings: readonly Diagnostic[];
  /** The warnings with excerpts of the source; empty when there are none. */
  readonly report: string;
  readonly #body: readonly Evaluate[];
  readonly #slotCount: number;

  constructor(body: readonly Evaluate[], slotCount: number, warnings: readonly Diagnostic[], report: string) {
    this.#body = body;
    this.#slotCount = slotCount;
    this.warnings = warnings;
    this.report = report;
  }

  /**
   * Runs the program on an event. Objects of the language's own form (`fromJson`, `emptyObject`) are changed in place;
   * plain JavaScript data is copied first.
   *
   * @throws VrlRuntimeError when the program fails
   * @throws VrlAbort when it aborts
   */
  run(event: unknown, metadata?: unknown): RunResult {
    const runtime: Runtime = {
      event: ownValue(event),
      metadata: metadata === undefined ? emptyObject() : ownValue(metadata),
      variables: new Array<VrlValue>(this.#slotCount).fill(null),
    };
    const outer = startBudget();
    try {
      const value = this.#evaluate(runtime);
      return { value, event: runtime.event, metadata: runtime.metadata };
    } catch (failure) {
      throw outcome(failure, runtime.event);
    } finally {
      endBudget(outer);
    }
  }

  #evaluate(runtime: Runtime): VrlValue {
    const body = this.#body;
    let value: VrlValue = null;
    try {
      for (let i = 0; i < body.length; i++) value = (body[i] as Evaluate)(runtime);
    } catch (signal) {
      if (signal instanceof ReturnSignal) return signal.value;
      throw signal;
    }
    return value;
  }
}

function ownValue(value: unknown): VrlValue {
  return typeof value === 'object' && value !== null && isOwnObject(value) ? value : fromJs(value);
}

/** What the host sees of a run that did not end well. */
function outcome(failure: unknown, event: VrlValue): Error {
  if (failure instanceof AbortSignal) return new VrlAbort(failure.message, event);
  if (failure instanceof Failure || failure instanceof LimitExceeded || failure instanceof Error) {
    return new VrlRuntimeError(failure.message, event);
  }
  return new VrlRuntimeError(String(failure), event);
}
