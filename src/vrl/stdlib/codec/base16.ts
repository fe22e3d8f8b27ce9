const NO_DIGIT = 255;
const VALUES = new Uint8Array(256).fill(NO_DIGIT);
for (let i = 0; i < 16; i++) {
  VALUES[i.toString(16).charCodeAt(0)] = i;
  VALUES[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}

/** Reads pairs of hexadecimal digits in either case; undefined when the text is something else. */
export function decodeBase16(text: Uint8Array): Uint8Array | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    const high = VALUES[text[2 * i] as number] as number;
    const low = VALUES[text[2 * i + 1] as number] as number;
    if (high === NO_DIGIT || low === NO_DIGIT) return undefined;
    bytes[i] = (high << 4) | low;
  }
  return bytes;
}
