import { formatRfc3339 } from '../time/rfc3339';
import { textOf } from './bytes';
import { sortedKeys } from './compare';
import { floatJson, floatText } from './float';
import { VrlBytes, VrlFloat, VrlRegex, VrlTimestamp, type VrlObject, type VrlValue } from './value';

/**
 * The form that messages and `assert_eq` show: strings quoted, timestamps `t'...'`, regexes `r'...'`.
 *
 * @example debugText(objectOf([['a', new VrlFloat(1)]])) // '{ "a": 1 }'
 */
export function debugText(value: VrlValue): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'object':
      break;
    default:
      return String(value);
  }
  if (Array.isArray(value)) return `[${value.map(debugText).join(', ')}]`;
  if (value instanceof VrlFloat) return floatText(value.value);
  if (value instanceof VrlTimestamp) return `t'${formatRfc3339(value)}'`;
  if (value instanceof VrlRegex) return `r'${value.source}'`;
  if (value instanceof VrlBytes) return quote(textOf(value));
  const object = value as VrlObject;
  return `{ ${sortedKeys(object)
    .map((key) => `"${key}": ${debugText(object[key] as VrlValue)}`)
    .join(', ')} }`;
}

function quote(text: string): string {
  return `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

/**
 * The value as JSON text: keys in byte order, floats always with a point or an exponent, timestamps in RFC 3339,
 * regexes as their pattern, invalid UTF-8 replaced.
 *
 * @param indent blanks a level for the pretty form; none gives one line
 * @example toJson(objectOf([['b', 1], ['a', new VrlFloat(2)]])) // '{"a":2.0,"b":1}'
 */
export function toJson(value: VrlValue, indent?: number): string {
  return jsonText(value, indent === undefined ? undefined : ' '.repeat(indent), '\n');
}

function jsonText(value: VrlValue, step: string | undefined, lineStart: string): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'object':
      break;
    default:
      return String(value);
  }
  if (value instanceof VrlFloat) return floatJson(value.value);
  if (value instanceof VrlTimestamp) return `"${formatRfc3339(value)}"`;
  if (value instanceof VrlRegex) return JSON.stringify(value.source);
  if (value instanceof VrlBytes) return JSON.stringify(textOf(value));
  const inner = step === undefined ? '' : lineStart + step;
  const outer = step === undefined ? '' : lineStart;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    let text = '[';
    for (let i = 0; i < value.length; i++)
      text += (i === 0 ? inner : `,${inner}`) + jsonText(value[i] as VrlValue, step, inner);
    return `${text}${outer}]`;
  }
  const object = value as VrlObject;
  const keys = sortedKeys(object);
  if (keys.length === 0) return '{}';
  const colon = step === undefined ? ':' : ': ';
  let text = '{';
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    text +=
      (i === 0 ? inner : `,${inner}`) + JSON.stringify(key) + colon + jsonText(object[key] as VrlValue, step, inner);
  }
  return `${text}${outer}}`;
}

/** What `to_string` and templates give: undefined for kinds that have no such form (arrays, objects, regexes). */
export function displayText(value: VrlValue): string | VrlBytes | undefined {
  if (value === null) return '';
  switch (typeof value) {
    case 'string':
      return value;
    case 'object':
      break;
    default:
      return String(value);
  }
  if (value instanceof VrlFloat) return floatText(value.value);
  if (value instanceof VrlTimestamp) return formatRfc3339(value);
  return value instanceof VrlBytes ? value : undefined;
}
