import { ExprRuntimeError } from '../errors';
import { checkTypes, integerAt, TEXT, textAt, WHOLE, type Signature } from '../builtins/definition';
import {
  BOOL,
  DURATION,
  FLOAT,
  INT,
  MONTH,
  STRING,
  TIME,
  WEEKDAY,
  ZONE,
  type Kind,
  type StaticType,
} from '../types/static-type';
import { kindOf } from '../value/kind-of';
import { wrap } from '../value/integer';
import { ExprCalendarName, ExprDuration, ExprFloat, ExprTime, ExprZone, UTC, type Value } from '../value/value';
import { dateOfDays, daysOfDate, SECONDS_PER_DAY } from './calendar';
import { joinSeconds, readClock, splitSeconds, type ClockReading } from './clock';
import { formatDuration } from './duration-text';
import { formatTime, nameOf } from './layout';
import { findZone, instantOfLocal, isSummerTime } from './zones';
import { TIME_LAYOUT } from '../value/format';

/** A method of a time, a duration or a zone. */
export interface Method {
  readonly signature: Signature;
  /** Set where the reference's method has more than two results, so that a call is refused as soon as it is known. */
  readonly manyResults?: true;
  run(target: Value, args: readonly Value[]): Value;
}

type Methods = ReadonlyMap<string, Method>;

function reading(result: StaticType, read: (clock: ClockReading) => Value): Method {
  return timeMethod([], result, (time) => read(readClock(time)));
}

function timeMethod(
  parameters: Signature['parameters'],
  result: StaticType,
  run: (time: ExprTime, args: readonly Value[]) => Value,
): Method {
  return {
    signature: { parameters, result },
    run: (target, args) => (target instanceof ExprTime ? run(target, args) : null),
  };
}

function durationMethod(result: StaticType, run: (nanoseconds: bigint) => Value): Method {
  return {
    signature: { parameters: [], result },
    run: (target) => (target instanceof ExprDuration ? run(target.nanoseconds) : null),
  };
}

/** The span in a unit. Wholes and rest are divided apart, as the reference does, which decides the last digit. */
function spanIn(span: bigint, unit: bigint): ExprFloat {
  return new ExprFloat(Number(span / unit) + Number(span % unit) / Number(unit));
}

function comparison(compare: (left: bigint, right: bigint) => boolean): Method {
  return timeMethod([['time']], BOOL, (time, [other]) =>
    other instanceof ExprTime ? compare(time.nanoseconds, other.nanoseconds) : false,
  );
}

function addDate(time: ExprTime, args: readonly Value[]): ExprTime {
  const clock = readClock(time);
  const [years, months, days] = [0, 1, 2].map((index) => Number(integerAt(args, index) ?? 0));
  const date = daysOfDate(clock.year + (years ?? 0), clock.month + (months ?? 0), clock.day + (days ?? 0));
  const local = date * SECONDS_PER_DAY + clock.hour * 3600 + clock.minute * 60 + clock.second;
  return new ExprTime(joinSeconds(instantOfLocal(time.zone, local), clock.nanosecond), time.zone);
}

/** Year of the ISO week: that of the week's Thursday. */
function isoYear({ year, month, day, weekday }: ClockReading): number {
  const thursday = daysOfDate(year, month, day) + 4 - (weekday === 0 ? 7 : weekday);
  return dateOfDays(thursday).year;
}

function compareBig(left: bigint, right: bigint): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

type Rounding = (value: bigint, unit: bigint) => bigint;

const roundDown: Rounding = (value, unit) => value - (((value % unit) + unit) % unit);

const roundHalfUp: Rounding = (value, unit) => {
  const rest = ((value % unit) + unit) % unit;
  return rest + rest < unit ? value - rest : value + unit - rest;
};

const roundHalfAway: Rounding = (value, unit) => (value < 0n ? -roundHalfUp(-value, unit) : roundHalfUp(value, unit));

/** Counts from the year 1, as the reference does; a unit that is not positive changes nothing. */
function roundTime(time: ExprTime, unit: Value | undefined, round: Rounding): ExprTime {
  if (!(unit instanceof ExprDuration) || unit.nanoseconds <= 0n) return time;
  const start = ZERO_SECONDS * 1_000_000_000n;
  return new ExprTime(round(time.nanoseconds - start, unit.nanoseconds) + start, time.zone);
}

function roundingMethod(round: Rounding): Method {
  return {
    signature: { parameters: [['duration']], result: DURATION },
    run: (target, [unit]) => {
      if (!(target instanceof ExprDuration) || !(unit instanceof ExprDuration)) return null;
      return unit.nanoseconds <= 0n ? target : ExprDuration.clamped(round(target.nanoseconds, unit.nanoseconds));
    },
  };
}

const unixIn = (unit: bigint): Method =>
  timeMethod([], INT, ({ nanoseconds }) => wrap((nanoseconds - (((nanoseconds % unit) + unit) % unit)) / unit));

/** The time before which there is none: year 1. */
const ZERO_SECONDS = -62_135_596_800n;

const TIME_METHODS: Methods = new Map([
  ['Year', reading(INT, ({ year }) => year)],
  ['Month', reading(MONTH, ({ month }) => new ExprCalendarName('month', month))],
  ['Day', reading(INT, ({ day }) => day)],
  ['Hour', reading(INT, ({ hour }) => hour)],
  ['Minute', reading(INT, ({ minute }) => minute)],
  ['Second', reading(INT, ({ second }) => second)],
  ['Nanosecond', reading(INT, ({ nanosecond }) => nanosecond)],
  ['Weekday', reading(WEEKDAY, ({ weekday }) => new ExprCalendarName('weekday', weekday))],
  ['YearDay', reading(INT, ({ yearDay }) => yearDay)],
  ['Unix', unixIn(1_000_000_000n)],
  ['UnixMilli', unixIn(1_000_000n)],
  ['UnixMicro', unixIn(1_000n)],
  ['UnixNano', unixIn(1n)],
  ['Format', timeMethod([TEXT], STRING, (time, args) => formatTime(time, textAt(args, 0)))],
  ['String', timeMethod([], STRING, (time) => formatTime(time, TIME_LAYOUT))],
  [
    'In',
    timeMethod([['zone']], TIME, (time, [zone]) =>
      zone instanceof ExprZone ? new ExprTime(time.nanoseconds, zone) : time,
    ),
  ],
  ['UTC', timeMethod([], TIME, (time) => new ExprTime(time.nanoseconds, UTC))],
  [
    'Add',
    timeMethod([['duration']], TIME, (time, [span]) =>
      span instanceof ExprDuration ? new ExprTime(time.nanoseconds + span.nanoseconds, time.zone) : time,
    ),
  ],
  ['AddDate', timeMethod([WHOLE, WHOLE, WHOLE], TIME, addDate)],
  // Of several results the language takes the first.
  ['Date', { ...reading(INT, ({ year }) => year), manyResults: true }],
  ['Clock', { ...reading(INT, ({ hour }) => hour), manyResults: true }],
  ['ISOWeek', reading(INT, isoYear)],
  ['Zone', reading(STRING, ({ abbreviation }) => abbreviation)],
  ['Location', timeMethod([], ZONE, ({ zone }) => zone)],
  ['Local', timeMethod([], TIME, ({ nanoseconds }) => new ExprTime(nanoseconds, findZone('Local')))],
  ['Round', timeMethod([['duration']], TIME, (time, [unit]) => roundTime(time, unit, roundHalfUp))],
  ['Truncate', timeMethod([['duration']], TIME, (time, [unit]) => roundTime(time, unit, roundDown))],
  [
    'Compare',
    timeMethod([['time']], INT, (time, [other]) =>
      other instanceof ExprTime ? compareBig(time.nanoseconds, other.nanoseconds) : 0,
    ),
  ],
  [
    'Sub',
    timeMethod([['time']], DURATION, (time, [other]) =>
      other instanceof ExprTime ? ExprDuration.clamped(time.nanoseconds - other.nanoseconds) : null,
    ),
  ],
  ['Before', comparison((left, right) => left < right)],
  ['After', comparison((left, right) => left > right)],
  ['Equal', comparison((left, right) => left === right)],
  ['IsDST', timeMethod([], BOOL, ({ nanoseconds, zone }) => isSummerTime(zone, splitSeconds(nanoseconds).seconds))],
  ['IsZero', timeMethod([], BOOL, ({ nanoseconds }) => nanoseconds === ZERO_SECONDS * 1_000_000_000n)],
]);

const DURATION_METHODS: Methods = new Map([
  ['Hours', durationMethod(FLOAT, (span) => spanIn(span, 3_600_000_000_000n))],
  ['Minutes', durationMethod(FLOAT, (span) => spanIn(span, 60_000_000_000n))],
  ['Seconds', durationMethod(FLOAT, (span) => spanIn(span, 1_000_000_000n))],
  ['Milliseconds', durationMethod(INT, (span) => wrap(span / 1_000_000n))],
  ['Microseconds', durationMethod(INT, (span) => wrap(span / 1_000n))],
  ['Nanoseconds', durationMethod(INT, wrap)],
  ['Round', roundingMethod(roundHalfAway)],
  ['Truncate', roundingMethod((span, unit) => span - (span % unit))],
  ['Abs', durationMethod(DURATION, (span) => ExprDuration.clamped(span < 0n ? -span : span))],
  ['String', durationMethod(STRING, formatDuration)],
]);

const ZONE_METHODS: Methods = new Map([
  [
    'String',
    {
      signature: { parameters: [], result: STRING },
      run: (target: Value) => (target instanceof ExprZone ? target.name : ''),
    },
  ],
]);

const NAME_METHODS: Methods = new Map([
  [
    'String',
    {
      signature: { parameters: [], result: STRING },
      run: (target: Value) => (target instanceof ExprCalendarName ? nameOf(target) : ''),
    },
  ],
]);

const METHODS: ReadonlyMap<Kind, Methods> = new Map<Kind, Methods>([
  ['time', TIME_METHODS],
  ['duration', DURATION_METHODS],
  ['zone', ZONE_METHODS],
  ['month', NAME_METHODS],
  ['weekday', NAME_METHODS],
]);

/** Whether values of the kind have methods at all. */
export function hasMethods(kind: Kind): boolean {
  return METHODS.has(kind);
}

/** The method of a kind; undefined when it has none of the name. */
export function findMethod(kind: Kind, name: string): Method | undefined {
  return METHODS.get(kind)?.get(name);
}

/** Runs a method on arguments that nothing is known of. */
export function runMethod(method: Method, name: string, target: Value, args: readonly Value[], at: number): Value {
  const types = args.map((argument) => ({ kind: kindOf(argument) }));
  const problem = checkTypes(name, types, method.signature);
  if (problem !== undefined) throw new ExprRuntimeError('argument_type', problem.message, at);
  return method.run(target, args);
}
