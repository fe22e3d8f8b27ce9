/**
 * Order of two texts by their UTF-8 bytes: -1, 0 or 1. That is the order of code points, which differs from the order of
 * UTF-16 units where one side has a surrogate and the other a character from U+E000 on.
 */
export function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return rank(a) < rank(b) ? -1 : 1;
  }
  return left.length === right.length ? 0 : left.length < right.length ? -1 : 1;
}

/** Lifts surrogates above the rest of the 16-bit range. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
