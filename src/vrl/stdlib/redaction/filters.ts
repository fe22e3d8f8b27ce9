import { compileRegex } from '../../regex';
import { textOf } from '../../value/bytes';
import { isObject, kindBitOf } from '../../value/kind-of';
import { KindBit, VrlRegex, type VrlObject, type VrlString, type VrlValue } from '../../value/value';
import type { Pattern } from '../text/replace';

/** Area 001 to 899 but not 666, group 01 to 99, serial number 0001 to 9999 (rules of the Social Security Administration). */
const US_SOCIAL_SECURITY_NUMBER = compileRegex(
  '(?:00[1-9]|0[1-9][0-9]|[1-578][0-9]{2}|6[0-57-9][0-9]|66[0-57-9])-' +
    '(?:0[1-9]|[1-9][0-9])-' +
    '(?:000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})',
);

/** What a filter looks for, or what is wrong with the constant that describes it. */
export type FilterPatterns = readonly Pattern[] | { readonly problem: string };

/** Reads one element of `filters`: a regex, a filter's name, or an object with its `type`. */
export function readFilter(value: VrlValue): FilterPatterns {
  if (value instanceof VrlRegex) return [value];
  if (isString(value)) {
    const name = textOf(value);
    return name === 'pattern' ? { problem: 'pattern cannot be used without arguments' } : named(name);
  }
  if (isObject(value)) return readFilterObject(value);
  return { problem: 'unknown literal for filter, must be a regex, filter name, or object' };
}

function readFilterObject(object: VrlObject): FilterPatterns {
  const type = object['type'];
  if (type === undefined) return { problem: 'filters specified as objects must have type parameter' };
  if (!isString(type)) return { problem: 'type key in filters must be a string' };
  if (textOf(type) !== 'pattern') return named(textOf(type));
  const patterns = object['patterns'];
  if (patterns === undefined) return { problem: 'pattern filter specified without `patterns`' };
  if (!Array.isArray(patterns)) return { problem: '`patterns` must be array of regular expression literals' };
  if (patterns.every((pattern) => pattern instanceof VrlRegex || isString(pattern))) return patterns as Pattern[];
  return { problem: '`patterns` must be regular expressions' };
}

function named(name: string): FilterPatterns {
  return name === 'us_social_security_number' ? [US_SOCIAL_SECURITY_NUMBER] : { problem: 'unknown filter name' };
}

function isString(value: VrlValue): value is VrlString {
  return kindBitOf(value) === KindBit.string;
}
