import { DURATION, TIME, UNKNOWN, ZONE } from '../types/static-type';
import { parseDuration } from '../time/duration-text';
import { parseTime } from '../time/parse-time';
import { findZone } from '../time/zones';
import { kindOf } from '../value/kind-of';
import { ExprDuration, ExprTime, ExprZone, UTC, type Value } from '../value/value';
import { argumentError, checkTypes, define, TEXT, textAt, valueError, type Builtin } from './definition';

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** Longest layout or text of a time; no real one comes near. */
const MAX_TIME_TEXT = 1000;

/** Layouts that a text is tried with when none is given. */
const DEFAULT_LAYOUTS = [
  '2006-01-02',
  '15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05Z07:00',
  '02 Jan 06 15:04 MST',
  'Monday, 02-Jan-06 15:04:05 MST',
  'Mon, 02 Jan 2006 15:04:05 MST',
];

function zoneNamed(builtin: string, name: string, at: number): ExprZone {
  const zone = findZone(name);
  if (zone === undefined) throw valueError(builtin, `unknown time zone ${JSON.stringify(name.slice(0, 40))}`, at);
  return zone;
}

function parseDate(args: readonly Value[], at: number): Value {
  const text = textAt(args, 0);
  const zone = args[0] instanceof ExprZone ? args[0] : undefined;
  if (zone !== undefined)
    return parseWith(textAt(args, 1), args.length > 2 ? [textAt(args, 2)] : DEFAULT_LAYOUTS, zone, at);
  const layouts = args.length > 1 ? [textAt(args, 1)] : DEFAULT_LAYOUTS;
  return parseWith(text, layouts, args.length > 2 ? zoneNamed('date', textAt(args, 2), at) : UTC, at);
}

function parseWith(text: string, layouts: readonly string[], zone: ExprZone, at: number): Value {
  if (text.length <= MAX_TIME_TEXT && layouts.every((layout) => layout.length <= MAX_TIME_TEXT)) {
    for (const layout of layouts) {
      const time = parseTime(text, layout, zone);
      if (time !== undefined) return time;
    }
  }
  throw valueError('date', `${JSON.stringify(text.slice(0, 40))} is not a date of the expected form`, at);
}

const DATE_SIGNATURE = { parameters: [['string', 'zone'], TEXT, TEXT, TEXT], optional: 3, result: TIME } as const;

/** `date(text, layout, zone name)` or `date(zone, text, layout)`. */
const DATE: Builtin = {
  name: 'date',
  check: (args) => {
    const problem = checkTypes(args, DATE_SIGNATURE);
    if (problem !== undefined) return problem;
    const [first = UNKNOWN] = args;
    if (first.kind === 'zone' && args.length < 2) return 'a zone must be followed by a text';
    if (first.kind === 'string' && args.length > 3) return 'expected 1 to 3 arguments';
    return TIME;
  },
  call: (args, _frame, at) => {
    const wrong = args.find(
      (argument, index) => typeof argument !== 'string' && !(index === 0 && argument instanceof ExprZone),
    );
    if (wrong !== undefined) throw argumentError('date', kindOf(wrong), at);
    return parseDate(args, at);
  },
};

export const TIME_BUILTINS: readonly Builtin[] = [
  DATE,
  define('now', { parameters: [['zone']], optional: 1, result: TIME }, ([zone]) => {
    const nanoseconds = BigInt(Date.now()) * NANOSECONDS_PER_MILLISECOND;
    return new ExprTime(nanoseconds, zone instanceof ExprZone ? zone : UTC);
  }),
  define('duration', { parameters: [TEXT], result: DURATION }, (args, _frame, at) => {
    const text = textAt(args, 0);
    const nanoseconds = text.length <= MAX_TIME_TEXT ? parseDuration(text) : undefined;
    if (nanoseconds === undefined)
      throw valueError('duration', `${JSON.stringify(text.slice(0, 40))} is not a duration`, at);
    return new ExprDuration(nanoseconds);
  }),
  define('timezone', { parameters: [TEXT], result: ZONE }, (args, _frame, at) =>
    zoneNamed('timezone', textAt(args, 0), at),
  ),
];
