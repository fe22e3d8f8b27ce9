/** First position of `needle` in `bytes` at or after `from`; undefined when there is none. */
export function indexOfBytes(bytes: Uint8Array, needle: Uint8Array, from: number): number | undefined {
  const first = needle[0];
  if (first === undefined) return from <= bytes.length ? from : undefined;
  const lastStart = bytes.length - needle.length;
  for (let i = bytes.indexOf(first, from); i !== -1 && i <= lastStart; i = bytes.indexOf(first, i + 1)) {
    if (startsWithAt(bytes, needle, i)) return i;
  }
  return undefined;
}

/** Do the bytes at a position begin with `part`? */
export function startsWithAt(bytes: Uint8Array, part: Uint8Array, position: number): boolean {
  if (position < 0 || position + part.length > bytes.length) return false;
  for (let i = 0; i < part.length; i++) {
    if (bytes[position + i] !== part[i]) return false;
  }
  return true;
}
