/** Longest time that a destination may ask to be left alone: a wrong date must not silence a forwarder for days. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Milliseconds that a `Retry-After` header asks for (RFC 9110 section 10.2.3: seconds, or a date), at most
 * {@link MAX_RETRY_AFTER_MS}; undefined when there is none or it is neither.
 *
 * @example retryAfterMs('120', Date.now()) // 120000
 */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const wait = /^\d{1,9}(?:\.\d{1,9})?$/.test(text) ? Number(text) * 1000 : timeOf(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(Math.ceil(wait), 0), MAX_RETRY_AFTER_MS);
}

/** The three forms of dates begin with the day of the week; the oldest does not say that it is UTC (RFC 9110, section 5.6.7). */
function timeOf(text: string): number {
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text)) return Number.NaN;
  return Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
}
