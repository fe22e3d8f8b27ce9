import { fail } from '../../failure';
import { floatFromText } from '../coerce';
import { parseDecimalInteger } from '../../value/integer';
import { emptyObject, type RegexMatch, type VrlObject, type VrlRegex, type VrlValue } from '../../value/value';
import type { TimeReader } from './log-time';

const INTEGER_FIELDS = new Set([
  'status',
  'size',
  'pid',
  'tid',
  'cid',
  'port',
  'body_bytes_size',
  'request_length',
  'upstream_response_length',
  'upstream_status',
]);
const FLOAT_FIELDS = new Set(['excess', 'request_time', 'upstream_response_time']);

/** Matches a line against the patterns in order; the named groups that took part become fields of their kinds. */
export function matchFields(line: string, patterns: readonly VrlRegex[], readTime: TimeReader): VrlObject | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(line);
    if (match !== null) return fieldsOf(match, pattern.groupNames, readTime);
  }
  return undefined;
}

function fieldsOf(match: RegexMatch, names: readonly (string | null)[], readTime: TimeReader): VrlObject {
  const fields = emptyObject();
  for (let i = 1; i < names.length; i++) {
    const name = names[i];
    const text = match[i];
    if (name !== null && name !== undefined && text !== undefined) fields[name] = fieldValue(name, text, readTime);
  }
  return fields;
}

function fieldValue(name: string, text: string, readTime: TimeReader): VrlValue {
  if (name === 'timestamp') return readTime(text);
  if (INTEGER_FIELDS.has(name)) {
    const integer = parseDecimalInteger(text);
    if (integer === undefined) throw fail(`failed parsing ${name}`);
    return integer;
  }
  if (!FLOAT_FIELDS.has(name)) return text;
  try {
    return floatFromText(text);
  } catch {
    throw fail(`failed parsing ${name}`);
  }
}
