import type { ExprTime } from '../value/value';
import { dateOfDays, daysOfDate, SECONDS_PER_DAY, type CivilDate } from './calendar';
import { zoneAt, type ZoneState } from './zones';

const NANOSECONDS = 1_000_000_000n;

/** What calendar and clock show at a time, in its zone. */
export interface ClockReading extends CivilDate, ZoneState {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** From 1. */
  readonly yearDay: number;
}

/** Whole seconds since 1970, rounded down, and the nanoseconds beyond. */
export function splitSeconds(nanoseconds: bigint): { readonly seconds: number; readonly rest: number } {
  const rest = ((nanoseconds % NANOSECONDS) + NANOSECONDS) % NANOSECONDS;
  return { seconds: Number((nanoseconds - rest) / NANOSECONDS), rest: Number(rest) };
}

export function joinSeconds(seconds: number, rest: number): bigint {
  return BigInt(seconds) * NANOSECONDS + BigInt(rest);
}

export function readClock(time: ExprTime): ClockReading {
  const { seconds, rest } = splitSeconds(time.nanoseconds);
  const state = zoneAt(time.zone, seconds);
  const local = seconds + state.offset;
  const days = Math.floor(local / SECONDS_PER_DAY);
  const inDay = local - days * SECONDS_PER_DAY;
  const date = dateOfDays(days);
  return {
    ...date,
    ...state,
    hour: Math.floor(inDay / 3600),
    minute: Math.floor(inDay / 60) % 60,
    second: inDay % 60,
    nanosecond: rest,
    // 1970-01-01 was a Thursday.
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysOfDate(date.year, 1, 1) + 1,
  };
}
