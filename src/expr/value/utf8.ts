/** Bytes that the UTF-8 form of the text from one UTF-16 offset to another has; a lone surrogate counts three. */
export function utf8Length(text: string, from = 0, to = text.length): number {
  let bytes = to - from;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff && paired(text, at)) ? 1 : 2;
  }
  return bytes;
}

/** Whether the surrogate stands in a pair: each half then has two of the pair's four bytes. */
function paired(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  if (unit < 0xdc00) {
    const next = text.charCodeAt(at + 1);
    return next >= 0xdc00 && next <= 0xdfff;
  }
  const previous = text.charCodeAt(at - 1);
  return previous >= 0xd800 && previous < 0xdc00;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Whether every UTF-16 unit is ASCII, so that byte offsets are text offsets. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return false;
  return true;
}

/**
 * Part of a text by byte offsets. A cut inside a character leaves U+FFFD for its pieces, since text cannot hold them.
 */
export function utf8Slice(text: string, from: number, to: number): string {
  if (isAscii(text)) return text.slice(from, to);
  return decoder.decode(encoder.encode(text).subarray(from, to));
}

/** One byte of a text's UTF-8 form. */
export function utf8ByteAt(text: string, index: number): number | undefined {
  if (isAscii(text)) return index < text.length ? text.charCodeAt(index) : undefined;
  return encoder.encode(text)[index];
}

export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Text of UTF-8 bytes, U+FFFD in place of what is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
