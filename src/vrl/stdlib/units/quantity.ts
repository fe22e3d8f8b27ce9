import { isWhiteSpace } from '../text/white-space';

/** A number and its unit as they stand in a text. */
export interface Quantity {
  /** Digits with at most one point; it may come first, but never last. */
  readonly number: string;
  readonly unit: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The first number with a unit at or after a position: digits, perhaps one character of white space, then letters (as
 * many as there are, but no more than the longest unit has).
 *
 * @example quantityAt('in 1.5 ms', 0, 2) // { number: '1.5', unit: 'ms', start: 3, end: 9 }
 */
export function quantityAt(text: string, from: number, longestUnit: number): Quantity | undefined {
  let start = from;
  while (start < text.length) {
    if (!isDigit(text, start) && !(text[start] === '.' && isDigit(text, start + 1))) {
      start++;
      continue;
    }
    const wholeEnd = endOfDigits(text, start);
    const hasFraction = text[wholeEnd] === '.' && isDigit(text, wholeEnd + 1);
    const numberEnd = hasFraction ? endOfDigits(text, wholeEnd + 1) : wholeEnd;
    const unitStart = isWhiteSpace(text.charCodeAt(numberEnd)) ? numberEnd + 1 : numberEnd;
    let end = unitStart;
    while (end < unitStart + longestUnit && isUnitLetter(text.charCodeAt(end))) end++;
    if (end > unitStart) return { number: text.slice(start, numberEnd), unit: text.slice(unitStart, end), start, end };
    // The digits behind the point may be the whole part of the next number.
    start = hasFraction ? wholeEnd + 1 : numberEnd;
  }
  return undefined;
}

function isDigit(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0x30 && unit <= 0x39;
}

function endOfDigits(text: string, from: number): number {
  let position = from;
  while (isDigit(text, position)) position++;
  return position;
}

function isUnitLetter(unit: number): boolean {
  const lower = unit | 0x20;
  return (lower >= 0x61 && lower <= 0x7a && unit < 0x80) || unit === 0xb5 || unit === 0x3bc;
}
