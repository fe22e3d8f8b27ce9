/** Digits of an integer that are read without a check of the range. */
const MAX_DIGITS = 15;

/**
 * Position of the blank that ends a word starting at `from`; -1 when there is none, or when the word has a character
 * that is not plain ASCII (it might be white space of another kind).
 */
export function endOfWord(line: string, from: number): number {
  let position = from;
  let unit = line.charCodeAt(position);
  while (unit > 0x20 && unit < 0x7f) unit = line.charCodeAt(++position);
  return unit === 0x20 ? position : -1;
}

/** Is the text made of letters, digits and underscores alone? */
export function isOneWord(line: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const unit = line.charCodeAt(i);
    const lower = unit | 0x20;
    const isWord = (lower >= 0x61 && lower <= 0x7a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x5f;
    if (!isWord) return false;
  }
  return end > start;
}

/** The digits from start to end as a number; -1 for a lone dash; undefined for anything else and for many digits. */
export function smallInteger(line: string, start: number, end: number): number | undefined {
  const first = line.charCodeAt(start);
  if (first === 0x2d && end === start + 1) return -1;
  if (end <= start || end - start > MAX_DIGITS) return undefined;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = line.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
