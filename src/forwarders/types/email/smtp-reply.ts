/** Replies that ask for another login (RFC 4954, section 6): no mail is at fault for it. */
const LOGIN_REPLIES: ReadonlySet<number> = new Set([530, 534, 535, 538]);

/** A reply with an enhanced status code (RFC 3463) behind its own. */
const ENHANCED = /^[45]\d\d[ -]([45])\.(\d{1,3}\.\d{1,3})\b/;

/** Congestion (RFC 3463, section 3.5), also how providers call the end of a quota: it passes, whatever the reply begins with. */
const CONGESTION = '4.5';

/**
 * Whether a server refuses a mail for good: with a reply 5xx (RFC 5321, section 4.2.1), unless its enhanced status code says that it
 * passes, or it is about who sends and not about what is sent.
 *
 * @param reply its last line, `550 5.1.1 no such user`
 */
export function isForGood(code: number, reply: string): boolean {
  if (code < 500 || LOGIN_REPLIES.has(code)) return false;
  const [, level, detail] = ENHANCED.exec(reply) ?? [];
  return level !== '4' && detail !== CONGESTION;
}

/** Message too big for the system, or beyond what its administrator allows (RFC 3463, sections 3.4 and 3.3). */
const TOO_LARGE: ReadonlySet<string | undefined> = new Set(['3.4', '2.3']);
/** Exceeded storage allocation (RFC 1870, section 6.1), unless the enhanced status says of what. */
const EXCEEDED = 552;

/** Whether a mail is refused for its size alone. */
export function isTooLarge(code: number, reply: string): boolean {
  const detail = ENHANCED.exec(reply)?.[2];
  return code >= 500 && (TOO_LARGE.has(detail) || (code === EXCEEDED && detail === undefined));
}
