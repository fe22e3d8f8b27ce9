/** Counts what an operation on values costs, and ends it by an error of the language when that is too much. */
export interface Meter {
  /** Elements that are about to be made. */
  chargeElements(count: number, at: number): void;
  /** Characters that are about to be made. */
  chargeText(length: number, at: number): void;
  /** Work that makes nothing. */
  chargeSteps(count: number, at: number): void;
}

/** Steps that entering an array or map costs beside its elements: a walk over many short ones is slow, too. */
export const STEPS_PER_CONTAINER = 5;
