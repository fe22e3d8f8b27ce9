import { formatDuration } from '../time/duration-text';
import { formatTime, nameOf } from '../time/layout';
import { ExprMap } from './expr-map';
import { formatFloat } from './float-text';
import { kindOf } from './kind-of';
import type { Meter } from './meter';
import { compareText } from './text-order';
import { ExprCalendarName, ExprDuration, ExprFloat, ExprFunction, ExprTime, isArray, type Value } from './value';

/** How a time is shown where nothing else is said. */
export const TIME_LAYOUT = '2006-01-02 15:04:05.999999999 -0700 MST';

/**
 * The value as `string()` shows it: nil is `<nil>`, an array `[1 2]`, a map `map[a:1 b:2]` with its keys sorted. All text
 * is charged to the meter, since one array may stand in many places of another.
 */
export function formatValue(value: Value, meter: Meter, at: number): string {
  const text = formatOne(value, meter, at);
  meter.chargeText(text.length + 1, at);
  return text;
}

/** A scalar as {@link formatValue} shows it, other values by their kind: for messages. */
export function formatPlain(value: Value): string {
  if (isArray(value) || value instanceof ExprMap || value instanceof Uint8Array) return kindOf(value);
  return formatOne(value, NO_METER, 0);
}

const NO_METER: Meter = { chargeElements: () => undefined, chargeSteps: () => undefined, chargeText: () => undefined };

function formatOne(value: Value, meter: Meter, at: number): string {
  if (value === null) return '<nil>';
  if (typeof value !== 'object') return String(value);
  if (value instanceof ExprFloat) return formatFloat(value.value);
  if (value instanceof ExprTime) return formatTime(value, TIME_LAYOUT);
  if (value instanceof ExprDuration) return formatDuration(value.nanoseconds);
  if (value instanceof ExprCalendarName) return nameOf(value);
  if (value instanceof Uint8Array) return `[${Array.from(value).join(' ')}]`;
  if (isArray(value)) return `[${value.map((item) => formatValue(item, meter, at)).join(' ')}]`;
  if (value instanceof ExprMap) return formatMap(value, meter, at);
  return value instanceof ExprFunction ? 'func' : value.name;
}

function formatMap(map: ExprMap, meter: Meter, at: number): string {
  const entries = Array.from(map.entries(), ({ key, value }) => ({
    key,
    name: formatValue(key, meter, at),
    text: formatValue(value, meter, at),
  }));
  entries.sort((left, right) => compareNumbers(left.key, right.key) ?? compareText(left.name, right.name));
  return `map[${entries.map(({ name, text }) => `${name}:${text}`).join(' ')}]`;
}

/** Order of two keys that are numbers of one kind; undefined for others, which are in the order of their texts. */
function compareNumbers(left: Value, right: Value): number | undefined {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined || kindOf(left) !== kindOf(right)) return undefined;
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOf(key: Value): number | bigint | undefined {
  if (typeof key === 'number' || typeof key === 'bigint') return key;
  if (key instanceof ExprFloat) return key.value;
  if (key instanceof ExprDuration || key instanceof ExprTime) return key.nanoseconds;
  return key instanceof ExprCalendarName ? key.number : undefined;
}
