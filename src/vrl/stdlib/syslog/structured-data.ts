import { isWhiteSpace } from '../text/white-space';
import { skipBlanks } from './message';

/** One element `[id name="value" ...]`. */
export interface StructuredElement {
  readonly id: string;
  readonly params: readonly (readonly [string, string])[];
}

/** Elements and the position behind them. */
export interface StructuredData {
  readonly elements: readonly StructuredElement[];
  readonly end: number;
}

const OPEN = 0x5b;
const CLOSE = 0x5d;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANK = 0x20;
const DASH = 0x2d;

/**
 * Reads structured data (RFC 5424 section 6.3) or `-`.
 *
 * @param loose as in RFC 5424 messages, where elements that are not well-formed are skipped and elements without
 *   parameters count; otherwise, as in older messages, both end the structured data
 * @returns undefined when there is none at `from`
 */
export function readStructuredData(text: string, from: number, loose: boolean): StructuredData | undefined {
  if (text.charCodeAt(from) === DASH) return { elements: [], end: from + 1 };
  const elements: StructuredElement[] = [];
  let position = from;
  while (text.charCodeAt(position) === OPEN) {
    const end = readElement(text, position, elements);
    if (end !== -1 && (loose || (elements[elements.length - 1] as StructuredElement).params.length > 0)) {
      position = end;
      continue;
    }
    if (end !== -1) elements.pop();
    const close = loose ? text.indexOf(']', position) : -1;
    if (close === -1) break;
    position = close + 1;
  }
  return position === from ? undefined : { elements, end: position };
}

/** Reads one element and adds it; the position behind it, or -1 when it is not well-formed. */
function readElement(text: string, open: number, elements: StructuredElement[]): number {
  let position = open + 1;
  let unit = text.charCodeAt(position);
  while (unit === unit && unit !== CLOSE && unit !== EQUALS && !isWhiteSpace(unit)) unit = text.charCodeAt(++position);
  if (position === open + 1) return -1;
  const id = text.slice(open + 1, position);
  position = skipBlanks(text, position);
  const params: [string, string][] = [];
  while (text.charCodeAt(position) !== CLOSE) {
    if (params.length > 0 && text.charCodeAt(position++) !== BLANK) return -1;
    const nameStart = position;
    unit = text.charCodeAt(position);
    while (unit === unit && unit !== CLOSE && unit !== EQUALS) unit = text.charCodeAt(++position);
    if (unit !== EQUALS || position === nameStart) return -1;
    const name = text.slice(nameStart, position);
    const valueStart = skipBlanks(text, position + 1);
    if (text.charCodeAt(valueStart) !== QUOTE) return -1;
    position = endOfValue(text, valueStart + 1);
    if (position === -1) return -1;
    params.push([name, unescapeValue(text.slice(valueStart + 1, position))]);
    position++;
  }
  elements.push({ id, params });
  return position + 1;
}

/** Position of the quote that ends a value; -1 when there is none. */
function endOfValue(text: string, from: number): number {
  let position = from;
  let unit = text.charCodeAt(position);
  while (unit !== QUOTE) {
    if (unit !== unit) return -1;
    position += unit === BACKSLASH ? 2 : 1;
    unit = text.charCodeAt(position);
  }
  return position;
}

/** Takes the escapes out: of quotes, brackets and backslashes, and of `n` for a line break; others stand for themselves. */
function unescapeValue(value: string): string {
  if (!value.includes('\\')) return value;
  return value.replace(/\\(["\]\\n])/g, (_, char: string) => (char === 'n' ? '\n' : char));
}
