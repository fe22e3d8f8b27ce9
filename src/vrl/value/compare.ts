import { bytesOf } from './bytes';
import { isObject } from './kind-of';
import { VrlBytes, VrlFloat, VrlRegex, VrlTimestamp, type VrlObject, type VrlString, type VrlValue } from './value';

/** Order of two texts by their UTF-8 bytes: negative, zero or positive. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // UTF-16 puts surrogates (characters beyond U+FFFF) before U+E000, UTF-8 puts them last.
      const xs = x >= 0xd800 && x <= 0xdfff;
      const ys = y >= 0xd800 && y <= 0xdfff;
      return xs === ys ? x - y : xs ? 1 : -1;
    }
  }
  return a.length - b.length;
}

/** Order of two strings by their bytes. */
export function compareStrings(a: VrlString, b: VrlString): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  const x = bytesOf(a);
  const y = bytesOf(b);
  const length = Math.min(x.length, y.length);
  for (let i = 0; i < length; i++) {
    if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number);
  }
  return x.length - y.length;
}

/** Order of two timestamps. */
export function compareTimestamps(a: VrlTimestamp, b: VrlTimestamp): number {
  return a.seconds === b.seconds ? a.nanos - b.nanos : a.seconds - b.seconds;
}

/** Keys of an object in byte order, the order in which the language always shows them. */
export function sortedKeys(object: VrlObject): string[] {
  const keys = Object.keys(object);
  // Plain sort compares UTF-16 units, which is byte order unless characters beyond U+FFFF are involved.
  keys.sort();
  for (const key of keys) {
    if (HAS_SURROGATE.test(key)) return keys.sort(compareText);
  }
  return keys;
}
const HAS_SURROGATE = /[\ud800-\udfff]/;

/** Strict value equality: kinds must agree, so 1 and 1.0 differ. (`==` in programs is more lenient at top level.) */
export function valuesEqual(a: VrlValue, b: VrlValue): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && arraysEqual(a, b);
  if (a instanceof VrlFloat) return b instanceof VrlFloat && a.value === b.value;
  if (a instanceof VrlTimestamp) return b instanceof VrlTimestamp && compareTimestamps(a, b) === 0;
  if (a instanceof VrlRegex) return b instanceof VrlRegex && a.source === b.source;
  if (a instanceof VrlBytes) return b instanceof VrlBytes && compareStrings(a, b) === 0;
  return isObject(a) && isObject(b) && objectsEqual(a, b);
}

function arraysEqual(a: readonly VrlValue[], b: readonly VrlValue[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!valuesEqual(a[i] as VrlValue, b[i] as VrlValue)) return false;
  }
  return true;
}

function objectsEqual(a: VrlObject, b: VrlObject): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    const other = b[key];
    if (other === undefined || !valuesEqual(a[key] as VrlValue, other)) return false;
  }
  return true;
}
