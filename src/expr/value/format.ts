import { formatDuration } from '../time/duration-text';
import { formatTime } from '../time/layout';
import { ExprMap } from './expr-map';
import { formatFloat } from './float-text';
import { kindOf } from './kind-of';
import type { Meter } from './meter';
import { compareText } from './text-order';
import { ExprDuration, ExprFloat, ExprFunction, ExprTime, isArray, type Value } from './value';

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
  if (value instanceof Uint8Array) return `[${Array.from(value).join(' ')}]`;
  if (isArray(value)) return `[${value.map((item) => formatValue(item, meter, at)).join(' ')}]`;
  if (value instanceof ExprMap) return formatMap(value, meter, at);
  return value instanceof ExprFunction ? 'func' : value.name;
}

function formatMap(map: ExprMap, meter: Meter, at: number): string {
  const entries = Array.from(
    map.entries(),
    ({ key, value }) => [formatValue(key, meter, at), formatValue(value, meter, at)] as const,
  );
  entries.sort(([left], [right]) => compareText(left, right));
  return `map[${entries.map(([key, value]) => `${key}:${value}`).join(' ')}]`;
}
