import { emptyFields, type RecordFields } from './record';

/** Joins a field name and a nested key or index. */
export function joinFieldName(prefix: string, key: string): string {
  return prefix === '' ? key : `${prefix}.${key}`;
}

/**
 * Flattens a JSON-like value into string fields: nested keys are joined by dots, array elements by their index,
 * null becomes the empty string, numbers and booleans their JSON text; empty objects and arrays leave nothing.
 * When two paths meet in one name, the later one wins.
 *
 * @param maxDepth nesting beyond it is kept as JSON text, so that hostile input cannot exhaust the stack
 */
export function flattenInto(fields: RecordFields, prefix: string, value: unknown, maxDepth = MAX_FLATTEN_DEPTH): void {
  if (typeof value === 'string') {
    fields[prefix] = value;
  } else if (value === null || value === undefined) {
    fields[prefix] = '';
  } else if (typeof value !== 'object') {
    fields[prefix] = String(value);
  } else if (maxDepth === 0) {
    fields[prefix] = JSON.stringify(value);
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++)
      flattenInto(fields, joinFieldName(prefix, String(i)), value[i], maxDepth - 1);
  } else {
    for (const [key, nested] of Object.entries(value)) {
      flattenInto(fields, joinFieldName(prefix, key), nested, maxDepth - 1);
    }
  }
}

/** Nesting that no log record needs and every stack survives. */
export const MAX_FLATTEN_DEPTH = 64;

/** Flattens one JSON-like object into the fields of a record; see {@link flattenInto}. */
export function flatten(value: object): RecordFields {
  const fields = emptyFields();
  for (const [key, nested] of Object.entries(value)) flattenInto(fields, key, nested);
  return fields;
}
