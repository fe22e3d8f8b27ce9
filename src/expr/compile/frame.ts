import { ExprRuntimeError } from '../errors';
import { MEMORY_BUDGET, STEP_BUDGET, TEXT_BUDGET } from '../limits';
import type { Meter } from '../value/meter';
import type { ExprMap } from '../value/expr-map';
import type { Value } from '../value/value';

/** State of one evaluation: the environment, the values of `let` names and predicate elements, and what it may still use. */
export abstract class Frame implements Meter {
  readonly slots: Value[] = [];
  #elements = MEMORY_BUDGET;
  #text = TEXT_BUDGET;
  #steps = STEP_BUDGET;

  /** Value of a name of the environment. */
  abstract get(name: string): Value;
  /** Value of a name, or undefined where the environment lacks it. */
  abstract find(name: string): Value | undefined;
  /** The whole environment (`$env`). */
  abstract whole(): ExprMap;

  /** Counts array items, map entries and the like that are about to be made. */
  chargeElements(count: number, at: number): void {
    this.#elements -= count;
    if (this.#elements < 0) throw new ExprRuntimeError('memory_budget', 'memory budget exceeded', at);
  }

  /** Counts characters of text that are about to be made. */
  chargeText(length: number, at: number): void {
    this.#text -= length;
    if (this.#text < 0) throw new ExprRuntimeError('memory_budget', 'memory budget exceeded', at);
  }

  /** Counts work that makes nothing: predicate calls, comparisons, text searched. */
  chargeSteps(count: number, at: number): void {
    this.#steps -= count;
    if (this.#steps < 0) throw new ExprRuntimeError('step_budget', 'the evaluation takes too many steps', at);
  }
}
