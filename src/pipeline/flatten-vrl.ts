import { joinFieldName, MAX_FLATTEN_DEPTH, type RecordFields } from '../record';
import { formatRfc3339 } from '../vrl/time/rfc3339';
import { textOf } from '../vrl/value/bytes';
import { isObject } from '../vrl/value/kind-of';
import { toJson } from '../vrl/value/text-forms';
import {
  emptyObject,
  VrlBytes,
  VrlFloat,
  VrlRegex,
  VrlTimestamp,
  type VrlObject,
  type VrlValue,
} from '../vrl/value/value';

/** Name of the one field of a record that is neither an object nor a list. */
const VALUE_FIELD = 'value';

/**
 * The records that the event a program leaves behind stands for (reference/api.md 3.3): an object is one record, a list
 * one for each element, anything else one with the field `value`. Nested keys and indexes are joined by dots, null is
 * the empty text, empty objects and lists leave nothing. Where two paths meet in one name, one of them wins.
 *
 * @example recordsOf(objectOf([['a', [1, null]]])) // [{ 'a.0': '1', 'a.1': '' }]
 */
export function recordsOf(event: VrlValue): RecordFields[] {
  return Array.isArray(event) ? event.map(recordOf) : [recordOf(event)];
}

function recordOf(value: VrlValue): RecordFields {
  if (isObject(value) && hasOnlyText(value)) return value;
  const fields = emptyObject() as RecordFields;
  if (Array.isArray(value)) flattenList(fields, '', value, MAX_FLATTEN_DEPTH);
  else if (isObject(value)) flattenObject(fields, '', value, MAX_FLATTEN_DEPTH);
  else fields[VALUE_FIELD] = scalarText(value);
  return fields;
}

/** Most programs leave a flat object of texts: it is a record as it stands. */
function hasOnlyText(object: VrlObject): object is RecordFields {
  for (const key in object) if (typeof object[key] !== 'string') return false;
  return true;
}

function flattenInto(fields: RecordFields, name: string, value: VrlValue, depth: number): void {
  if (typeof value === 'string') fields[name] = value;
  else if (Array.isArray(value)) {
    if (depth === 0) fields[name] = toJson(value);
    else flattenList(fields, name, value, depth);
  } else if (isObject(value)) {
    if (depth === 0) fields[name] = toJson(value);
    else flattenObject(fields, name, value, depth);
  } else {
    fields[name] = scalarText(value);
  }
}

function flattenList(fields: RecordFields, name: string, list: readonly VrlValue[], depth: number): void {
  for (let i = 0; i < list.length; i++) {
    flattenInto(fields, joinFieldName(name, String(i)), list[i] as VrlValue, depth - 1);
  }
}

function flattenObject(fields: RecordFields, name: string, object: VrlObject, depth: number): void {
  for (const key in object) flattenInto(fields, joinFieldName(name, key), object[key] as VrlValue, depth - 1);
}

function scalarText(value: VrlValue): string {
  if (value === null) return '';
  if (value instanceof VrlFloat) return floatText(value.value);
  if (value instanceof VrlTimestamp) return formatRfc3339(value);
  if (value instanceof VrlRegex) return value.source;
  if (value instanceof VrlBytes) return textOf(value);
  return String(value);
}

/** Decimal exponents from which on, and below which, floats are written with an exponent. */
const FIRST_LARGE_EXPONENT = 6;
const LAST_SMALL_EXPONENT = -5;

/** The shortest digits that give the float back; `1e+06` from a million on, as the peer writes them. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const [digits = '', power = ''] = value.toExponential().split('e');
  const exponent = Number(power);
  if (value !== 0 && (exponent >= FIRST_LARGE_EXPONENT || exponent <= LAST_SMALL_EXPONENT)) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Object.is(value, -0) ? '-0' : String(value);
}
