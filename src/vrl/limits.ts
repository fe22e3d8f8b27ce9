import { Failure } from './failure';

/**
 * Work that one run of a program may do, in steps. VRL has no loops but over values, so only nested closures come near
 * it; about a second of work.
 */
export const MAX_STEPS = 5_000_000;

/** Steps for a member of a collection that is copied: so many fit into some hundred megabytes. */
export const STEPS_PER_COPIED_MEMBER = 4;

/** Longest string that an operator may build, in UTF-16 units. */
export const MAX_STRING_UNITS = 67_108_864;

/** A run that does more than {@link MAX_STEPS}; not to be recovered from inside the program. */
export class LimitExceeded {
  readonly message = 'program exceeds its limit of steps';
}

// Runs are synchronous, so one budget for the run that is under way is enough and saves passing it everywhere.
let stepsLeft = MAX_STEPS;

/** Starts a run's budget; gives what was left of the surrounding one, for {@link endBudget}. */
export function startBudget(): number {
  const outer = stepsLeft;
  stepsLeft = MAX_STEPS;
  return outer;
}

export function endBudget(outer: number): void {
  stepsLeft = outer;
}

/** Takes steps off the run's budget. @throws LimitExceeded when there are none left */
export function spend(steps: number): void {
  stepsLeft -= steps;
  if (stepsLeft < 0) throw new LimitExceeded();
}

/** Refuses a string that would be too long to go on with. */
export function checkStringLength(units: number): void {
  if (units > MAX_STRING_UNITS) throw new Failure(`string is longer than ${MAX_STRING_UNITS} characters`);
}
