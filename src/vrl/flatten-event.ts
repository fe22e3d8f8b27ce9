import { textOf } from './value/bytes';
import { isObject } from './value/kind-of';
import { formatRfc3339 } from './time';
import { toJson } from './value/text-forms';
import {
  emptyObject,
  VrlBytes,
  VrlFloat,
  VrlTimestamp,
  type VrlObject,
  type VrlRegex,
  type VrlValue,
} from './value/value';

/** Nesting beyond it is kept as JSON text: no record needs it, and every stack survives it. */
const MAX_DEPTH = 512;

/** The string fields of one record. */
export type Fields = Record<string, string>;

/**
 * Makes records of what a transformer left as its event: an object is one record, an array one per element (none when
 * it is empty), anything else a record with the field `value`. Nested names are joined by dots, array elements by their
 * index; null is the empty string; empty collections leave nothing.
 */
export function flattenEvent(event: VrlValue): Fields[] {
  if (Array.isArray(event)) return event.map(flattenRecord);
  return [flattenRecord(event)];
}

function flattenRecord(value: VrlValue): Fields {
  if (isObject(value) && holdsTextAlone(value)) return value;
  const fields = emptyObject() as Fields;
  if (Array.isArray(value)) value.forEach((member, i) => flattenInto(fields, String(i), member, 1));
  else if (isObject(value)) for (const key in value) flattenInto(fields, key, value[key] as VrlValue, 1);
  else fields['value'] = fieldText(value);
  return fields;
}

/** Most scripts leave a flat object of texts: it is a record as it stands. */
function holdsTextAlone(object: VrlObject): object is Fields {
  for (const key in object) if (typeof object[key] !== 'string') return false;
  return true;
}

function flattenInto(fields: Fields, name: string, value: VrlValue, depth: number): void {
  if (typeof value === 'string') {
    fields[name] = value;
  } else if (depth > MAX_DEPTH) {
    fields[name] = toJson(value);
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) flattenInto(fields, `${name}.${i}`, value[i] as VrlValue, depth + 1);
  } else if (isObject(value)) {
    for (const key in value) flattenInto(fields, `${name}.${key}`, value[key] as VrlValue, depth + 1);
  } else {
    fields[name] = fieldText(value);
  }
}

/** From this power of ten on, and below 10^-4, floats are written with an exponent. */
const MIN_LARGE_EXPONENT = 6;
const MIN_SMALL_EXPONENT = -4;

/** A float as records have it (the form of C's and Go's %g with the shortest digits): `1.5`, `1e+06`, `1e-07`. */
function floatFieldText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
  const [mantissa = '', exponentText = ''] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (value === 0 || (exponent >= MIN_SMALL_EXPONENT && exponent < MIN_LARGE_EXPONENT)) return String(value);
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A scalar as a field's text. */
function fieldText(value: VrlValue): string {
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (value instanceof VrlFloat) return floatFieldText(value.value);
  if (value instanceof VrlTimestamp) return formatRfc3339(value);
  if (value instanceof VrlBytes) return textOf(value);
  return (value as VrlRegex).source;
}
