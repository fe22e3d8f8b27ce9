import { Failure } from './failure';
import { VrlBytes, VrlScalar } from './value/value';

/**
 * Work that one run of a program may do, in steps. VRL has no loops but over values, so only nested closures come near
 * it; about a second of work.
 */
export const MAX_STEPS = 5_000_000;

/** Steps for a member of a collection that is copied: so many fit into some hundred megabytes. */
export const STEPS_PER_COPIED_MEMBER = 4;

/** Longest string that a program may build, in UTF-16 units: ten times any record, and some of them fit into memory. */
export const MAX_STRING_UNITS = 16_777_216;

/**
 * Units of text that count as one step, as powers of two: for functions that look through text, and for those that
 * make collections of it, which may take thirty times its size in memory.
 */
export const UNITS_PER_STEP_SHIFT = 6;
export const UNITS_PER_PARSED_STEP_SHIFT = 1;

/** Shorter texts count nothing: the calls for them are few or in closures, whose rounds count. */
const MIN_COUNTED_UNITS = 1024;

/**
 * Time that a run may take once it handles large values, in milliseconds: the backstop for functions whose time no
 * step tells. No sane program takes a hundredth of it.
 */
export const MAX_RUN_MS = 2_000;

/** Longest time between two looks at the clock that counts, in milliseconds: a machine that slept is not the program's fault. */
const MAX_COUNTED_MS = 500;

/** Calls with large values from one look at the clock to the next; very large ones count more. */
const CALLS_PER_LOOK = 16;

/** A run that does more than it may; not to be recovered from inside the program. */
export class LimitExceeded {
  constructor(readonly message = 'program exceeds its limit of steps') {}
}

// Runs are synchronous, so one budget for the run that is under way is enough and saves passing it everywhere.
let stepsLeft = MAX_STEPS;
/** Runs within runs. */
let runs = 0;
let callsToLook = CALLS_PER_LOOK;
/** Time that the run has taken as far as it was looked at, in milliseconds; the look before; NaN before the first. */
let runMs = 0;
let lookedAt = Number.NaN;

/** Starts a run's budget; gives what was left of the surrounding one, for {@link endBudget}. */
export function startBudget(): number {
  const outer = stepsLeft;
  runs++;
  stepsLeft = MAX_STEPS;
  callsToLook = CALLS_PER_LOOK;
  runMs = 0;
  lookedAt = Number.NaN;
  return outer;
}

export function endBudget(outer: number): void {
  runs--;
  stepsLeft = outer;
}

/** Takes steps off the run's budget. @throws LimitExceeded when there are none left */
export function spend(steps: number): void {
  stepsLeft -= steps;
  if (stepsLeft < 0) throw new LimitExceeded();
}

/** Like {@link spend}, for what is also used outside of runs, where nothing counts. */
export function spendInRun(steps: number): void {
  if (runs > 0) spend(steps);
}

/**
 * Takes off what a value costs that is handed to a function or made by one.
 *
 * @param shift units of text per step, as a power of two
 * @throws LimitExceeded
 */
export function spendOn(value: unknown, shift: number): void {
  if (typeof value === 'string') {
    if (value.length >= MIN_COUNTED_UNITS) spendOnUnits(value.length, shift);
  } else if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) spendOnUnits(value.length, 2);
    else if (value instanceof VrlBytes) spendOnUnits(value.bytes.length, shift);
    else if (!(value instanceof VrlScalar)) lookAtClock();
  }
}

function spendOnUnits(units: number, shift: number): void {
  stepsLeft -= units >> shift;
  if (stepsLeft < 0) throw new LimitExceeded();
  // A function may well take half a second for the longest text.
  lookAtClock(1 + (units >> 14));
}

function lookAtClock(weight = 1): void {
  callsToLook -= weight;
  if (callsToLook > 0) return;
  callsToLook = CALLS_PER_LOOK;
  const now = performance.now();
  if (now > lookedAt) runMs += Math.min(now - lookedAt, MAX_COUNTED_MS);
  lookedAt = now;
  if (runMs > MAX_RUN_MS) throw new LimitExceeded(`program takes longer than ${MAX_RUN_MS} milliseconds`);
}

/** Refuses a string that would be too long to go on with. */
export function checkStringLength(units: number): void {
  if (units > MAX_STRING_UNITS) throw new Failure(`string is longer than ${MAX_STRING_UNITS} characters`);
}
