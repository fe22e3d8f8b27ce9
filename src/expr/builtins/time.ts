import { notOfType } from '../compile/logic';
import { DURATION, TIME, ZONE } from '../types/static-type';
import { describeDurationProblem, parseDuration } from '../time/duration-text';
import { describeTimeProblem, parseTime } from '../time/parse-time';
import { findZone } from '../time/zones';
import { ExprDuration, ExprTime, ExprZone, UTC, type Value } from '../value/value';
import { checkCount, define, TEXT, textAt, valueError, type Builtin, type Signature } from './definition';

const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/** Longest layout or text of a time; no real one comes near. */
const MAX_TIME_TEXT = 1000;

/** Most of a text that a message shows. */
const SHOWN_LENGTH = 100;

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

function zoneNamed(name: string, at: number): ExprZone {
  const zone = findZone(name);
  if (zone === undefined) throw valueError(`unknown time zone ${name.slice(0, SHOWN_LENGTH)}`, at);
  return zone;
}

function parseDate(args: readonly Value[], at: number): Value {
  const text = textAt(args, 0);
  const zone = args[0] instanceof ExprZone ? args[0] : undefined;
  if (zone !== undefined)
    return parseWith(textAt(args, 1), args.length > 2 ? [textAt(args, 2)] : DEFAULT_LAYOUTS, zone, at);
  const layouts = args.length > 1 ? [textAt(args, 1)] : DEFAULT_LAYOUTS;
  return parseWith(text, layouts, args.length > 2 ? zoneNamed(textAt(args, 2), at) : UTC, at);
}

function parseWith(text: string, layouts: readonly string[], zone: ExprZone, at: number): Value {
  if (text.length <= MAX_TIME_TEXT && layouts.every((layout) => layout.length <= MAX_TIME_TEXT)) {
    for (const layout of layouts) {
      const time = parseTime(text, layout, zone);
      if (time !== undefined) return time;
    }
  }
  throw valueError(describeProblem(text.slice(0, MAX_TIME_TEXT), layouts), at);
}

/** `date(text, layout, zone name)` or `date(zone, text, layout)`. */
const DATE: Builtin = {
  name: 'date',
  check: (args) => {
    const [first] = args;
    const texts = first?.kind === 'zone' ? args.length - 1 : args.length;
    const most = first?.kind === 'unknown' ? 4 : 3;
    return checkCount(args.length, 1, Infinity) ?? checkCount(texts, 0, most) ?? TIME;
  },
  call: (args, _frame, at) => {
    const wrong = args.find(
      (argument, index) => typeof argument !== 'string' && !(index === 0 && argument instanceof ExprZone),
    );
    if (wrong !== undefined) throw notOfType('argument_type', wrong, 'string', at);
    const zoned = args[0] instanceof ExprZone;
    if (zoned && args.length < 2) throw valueError('runtime error: index out of range [0] with length 0', at);
    return parseDate(zoned && args.length > 3 ? args.slice(1) : args, at);
  },
};

/** The layout's own words for a text that does not follow it; with layouts to choose from none is told. */
function describeProblem(text: string, layouts: readonly string[]): string {
  const [only] = layouts;
  if (only === undefined || layouts.length > 1) return `invalid date ${text.slice(0, SHOWN_LENGTH)}`;
  return describeTimeProblem(text, only);
}

const NOW: Signature = {
  parameters: [['zone']],
  optional: 1,
  result: TIME,
  refusal: () => 'invalid number of arguments (expected 0, got 1)',
};

export const TIME_BUILTINS: readonly Builtin[] = [
  DATE,
  define('now', NOW, ([zone]) => {
    const nanoseconds = BigInt(Date.now()) * NANOSECONDS_PER_MILLISECOND;
    return new ExprTime(nanoseconds, zone instanceof ExprZone ? zone : UTC);
  }),
  define('duration', { parameters: [TEXT], result: DURATION }, (args, _frame, at) => {
    const text = textAt(args, 0);
    const nanoseconds = text.length <= MAX_TIME_TEXT ? parseDuration(text) : undefined;
    if (nanoseconds === undefined) throw valueError(describeDurationProblem(text.slice(0, SHOWN_LENGTH)), at);
    return new ExprDuration(nanoseconds);
  }),
  define('timezone', { parameters: [TEXT], result: ZONE }, (args, _frame, at) => zoneNamed(textAt(args, 0), at)),
];
