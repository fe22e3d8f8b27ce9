import { compareText, sortedKeys } from '../../value/compare';
import { floatText } from '../../value/float';
import { formatRfc3339 } from '../../time';
import { textOf } from '../../value/bytes';
import { VrlBytes, VrlFloat, VrlRegex, VrlTimestamp, type VrlObject, type VrlValue } from '../../value/value';

/** How pairs are written. */
export interface PairStyle {
  readonly keyValueDelimiter: string;
  readonly fieldDelimiter: string;
  /** Writes true as the key alone and leaves false out. */
  readonly flattenBoolean: boolean;
}

/** Members that are no collections, by their dotted paths. */
type Flat = Map<string, VrlValue>;

/**
 * Writes an object as pairs, nested members by dotted keys.
 *
 * @param leading keys that come first, in that order; the others follow in byte order
 * @example writePairs(objectOf([['a', 'x y']]), [], LOGFMT) // 'a="x y"'
 */
export function writePairs(object: VrlObject, leading: readonly string[], style: PairStyle): string {
  const flat: Flat = new Map();
  for (const key of sortedKeys(object)) flattenInto(flat, key, object[key] as VrlValue);
  const pairs: string[] = [];
  const add = (key: string, value: VrlValue): void => {
    const pair = pairText(key, value, style);
    if (pair !== undefined) pairs.push(pair);
  };
  for (const key of leading) {
    const value = flat.get(key);
    if (value !== undefined) add(key, value);
    flat.delete(key);
  }
  for (const key of [...flat.keys()].sort(compareText)) add(key, flat.get(key) as VrlValue);
  return pairs.join(style.fieldDelimiter);
}

function flattenInto(flat: Flat, path: string, value: VrlValue): void {
  if (typeof value !== 'object' || value === null || isScalar(value)) {
    flat.set(path, value);
  } else if (Array.isArray(value)) {
    value.forEach((member, i) => flattenInto(flat, `${path}.${i}`, member));
  } else {
    for (const key of sortedKeys(value)) flattenInto(flat, `${path}.${key}`, value[key] as VrlValue);
  }
}

function isScalar(value: object): value is VrlFloat | VrlTimestamp | VrlRegex | VrlBytes {
  return (
    value instanceof VrlFloat || value instanceof VrlTimestamp || value instanceof VrlRegex || value instanceof VrlBytes
  );
}

function pairText(key: string, value: VrlValue, style: PairStyle): string | undefined {
  if (style.flattenBoolean && typeof value === 'boolean') return value ? quoteWhenNeeded(key) : undefined;
  return quoteWhenNeeded(key) + style.keyValueDelimiter + quoteWhenNeeded(scalarText(value));
}

function scalarText(value: VrlValue): string {
  if (value instanceof VrlFloat) return floatText(value.value);
  if (value instanceof VrlTimestamp) return formatRfc3339(value);
  if (value instanceof VrlRegex) return value.source;
  if (value instanceof VrlBytes) return textOf(value);
  return String(value);
}

function quoteWhenNeeded(text: string): string {
  // Delimiters other than white space and the equals sign are not looked for: the language does not either.
  const quoted = /[\s"=\u0085]/.test(text);
  const escaped = /[\\"\n]/.test(text) ? text.replace(/[\\"\n]/g, escape) : text;
  return quoted ? `"${escaped}"` : escaped;
}

function escape(char: string): string {
  // The language writes two backslashes for a line break, which its own parser reads as a backslash and an n.
  return char === '\n' ? '\\\\n' : `\\${char}`;
}
