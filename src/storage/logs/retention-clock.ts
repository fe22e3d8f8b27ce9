/** The two clocks may drift apart by so much between two looks; in milliseconds. */
const TOLERANCE_MS = 60_000;
/** What the steady clock says between two looks is believed up to here: a machine that slept may say more. */
const MAX_GAP_MS = 10 * 60_000;
/** A clock that jumped forward is believed once it has gone on from there for so long: mistakes are mended by then. */
const PROBATION_MS = 60 * 60_000;
/** A service that was off no longer than this finds the time that it expects; beyond it the clock is on probation as well. */
const USUAL_ABSENCE_MS = 24 * 60 * 60_000;

export interface RetentionClockOptions {
  /** Milliseconds since the Unix epoch, as the system's clock has it. */
  readonly wall: () => number;
  /** Milliseconds on a clock that nobody sets. */
  readonly steady: () => number;
  /** Time of arrival of the newest record; undefined when there is none. */
  readonly newestRecord: number | undefined;
  readonly warn: (message: string) => void;
}

/**
 * The time by which records are too old. What retention removes does not come back when the clock does, so a clock that jumps
 * forward (a typing mistake, a time server gone mad, a board that starts without a battery) is not followed at once: meanwhile
 * the time goes on from where it was. A clock that is set back is followed at once, for that removes nothing.
 */
export class RetentionClock {
  readonly #options: RetentionClockOptions;
  #believed: number;
  #lastSteady: number;
  /** When the present jump was first seen on the steady clock, and how far it went; undefined while the clock is believed. */
  #jump: { readonly since: number; readonly ms: number } | undefined;

  constructor(options: RetentionClockOptions) {
    this.#options = options;
    const wall = options.wall();
    const { newestRecord } = options;
    this.#lastSteady = options.steady();
    this.#believed = wall;
    if (newestRecord !== undefined && wall - newestRecord > USUAL_ABSENCE_MS) {
      this.#believed = newestRecord;
      this.#jump = { since: this.#lastSteady, ms: wall - newestRecord };
    }
  }

  /** Milliseconds since the Unix epoch. To be asked every few seconds. */
  now(): number {
    const wall = this.#options.wall();
    const steady = this.#options.steady();
    const expected = this.#believed + Math.min(steady - this.#lastSteady, MAX_GAP_MS);
    this.#lastSteady = steady;
    if (wall - expected <= TOLERANCE_MS) {
      this.#jump = undefined;
      this.#believed = wall;
      return wall;
    }
    this.#believed = expected;
    this.#noteJump(wall - expected, steady);
    if (this.#jump !== undefined && steady - this.#jump.since >= PROBATION_MS) {
      this.#jump = undefined;
      this.#believed = wall;
    }
    return this.#believed;
  }

  #noteJump(ms: number, steady: number): void {
    if (this.#jump !== undefined && Math.abs(this.#jump.ms - ms) <= TOLERANCE_MS) return;
    this.#jump = { since: steady, ms };
    this.#options.warn(
      `the clock went ahead by ${inDays(ms)}: no record is removed for that, until it has gone on from there for an hour`,
    );
  }
}

function inDays(ms: number): string {
  const hours = ms / 3_600_000;
  return hours < 48 ? `${hours.toFixed(1)} hours` : `${Math.round(hours / 24)} days`;
}
