import { CARRIAGE_RETURN, LINE_FEED, NUL, SPACE } from './ascii';

/**
 * A message with its octet count in front (RFC 6587 section 3.4.1): the framing that keeps every byte.
 *
 * @example
 * frameOctetCounted('<13>hi').toString(); // '6 <13>hi'
 */
export function frameOctetCounted(message: Uint8Array | string): Buffer {
  if (typeof message === 'string') return Buffer.from(`${Buffer.byteLength(message)} ${message}`);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

/**
 * A message with LF behind it (RFC 6587 section 3.4.2). Receivers end a message at LF, CR LF or NUL, so each of these within
 * the message becomes a space.
 *
 * @example
 * frameLineFeed('<13>one\ntwo').toString(); // '<13>one two\n'
 */
export function frameLineFeed(message: Uint8Array | string): Buffer {
  const length = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
  const framed = Buffer.allocUnsafe(length + 1);
  if (typeof message === 'string') framed.write(message, 0, 'utf8');
  else framed.set(message, 0);
  for (let i = 0; i < length; i++) {
    const byte = framed[i];
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === NUL) framed[i] = SPACE;
  }
  framed[length] = LINE_FEED;
  return framed;
}
