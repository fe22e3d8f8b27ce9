/** Where CEF starts; a syslog header or other text may stand in front. */
const PREFIX = 'CEF:';

/** Fields of a header and the position behind it. */
export interface Header {
  readonly values: readonly string[];
  readonly end: number;
}

/**
 * Reads the fields of a header, apart by `|`; a backslash before a bar or a backslash makes it part of the field.
 *
 * @returns undefined when there is no header, or it has fewer fields
 */
export function readHeader(text: string, fields: number): Header | undefined {
  const start = text.indexOf(PREFIX);
  if (start === -1) return undefined;
  const values: string[] = [];
  let position = start + PREFIX.length;
  let field = '';
  while (values.length < fields) {
    const char = text[position];
    if (char === undefined || char === '|') {
      values.push(field);
      field = '';
      if (char === undefined) break;
      position++;
      continue;
    }
    if (char === '\\' && (text[position + 1] === '|' || text[position + 1] === '\\')) position++;
    field += text[position];
    position++;
  }
  return values.length === fields ? { values, end: position } : undefined;
}

/** Extension pairs in their order and the position behind what could be read. */
export interface Extensions {
  readonly pairs: readonly (readonly [string, string])[];
  readonly end: number;
}

/**
 * Reads `key=value` pairs. A value goes on until blanks and the next key; an equals sign in it stands behind a backslash.
 *
 * @param strict stops at text that belongs to no pair; otherwise it is skipped
 */
export function readExtensions(text: string, from: number, strict: boolean): Extensions {
  const pairs: [string, string][] = [];
  let position = skipBlanks(text, from);
  if (position === text.length) return { pairs, end: position };
  let keyEnd = endOfKey(text, position);
  if (keyEnd === -1) {
    if (strict) return { pairs, end: position };
    const equals = nextEquals(text, position);
    if (equals === -1) return { pairs, end: text.length };
    position = startOfKey(text, equals);
    keyEnd = equals;
    if (position === equals) return { pairs, end: text.length };
  }
  for (;;) {
    const key = text.slice(position, keyEnd);
    const valueStart = keyEnd + 1;
    // The next key ends at the next equals sign that has a key and a blank before it.
    let equals = nextEquals(text, valueStart);
    let next = equals === -1 ? text.length : startOfKey(text, equals);
    while (equals !== -1 && (next === equals || (next > valueStart && text[next - 1] !== ' ') || next < valueStart)) {
      equals = nextEquals(text, equals + 1);
      next = equals === -1 ? text.length : startOfKey(text, equals);
    }
    let valueEnd = next;
    while (valueEnd > valueStart && text[valueEnd - 1] === ' ') valueEnd--;
    pairs.push([key, valueText(text.slice(valueStart, valueEnd))]);
    if (equals === -1) return { pairs, end: text.length };
    position = next;
    keyEnd = equals;
  }
}

/** Position of the next equals sign that no backslash stands before; -1 when there is none. */
function nextEquals(text: string, from: number): number {
  for (let position = from; position < text.length; position++) {
    const char = text[position];
    if (char === '\\') position++;
    else if (char === '=') return position;
  }
  return -1;
}

/** End of the key at a position, where its equals sign is; -1 when there is no key. */
function endOfKey(text: string, from: number): number {
  let position = from;
  while (isKeyUnit(text.charCodeAt(position))) position++;
  return position > from && text[position] === '=' ? position : -1;
}

/** Start of the key that ends at a position. */
function startOfKey(text: string, end: number): number {
  let position = end;
  while (position > 0 && isKeyUnit(text.charCodeAt(position - 1))) position--;
  return position;
}

/** Letters, digits and what vendors use beside them. */
function isKeyUnit(unit: number): boolean {
  const lower = unit | 0x20;
  if ((lower >= 0x61 && lower <= 0x7a) || (unit >= 0x30 && unit <= 0x39)) return true;
  return unit === 0x5f || unit === 0x2d || unit === 0x2e || unit === 0x5b || unit === 0x5d;
}

function skipBlanks(text: string, from: number): number {
  let position = from;
  while (text[position] === ' ') position++;
  return position;
}

/** A value without surrounding quotes and without escapes. */
function valueText(raw: string): string {
  const quoted = raw.length > 1 && raw.startsWith('"') && raw.endsWith('"');
  const inner = quoted ? raw.slice(1, -1) : raw;
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\([=\\|"nr])/g, (_, char: string) => (char === 'n' ? '\n' : char === 'r' ? '\r' : char));
}
