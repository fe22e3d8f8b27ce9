import { PermanentFailure, TemporaryFailure } from '../../destination';
import { withoutCredentials } from '../../url-credentials';
import { shown } from './describe';
import type { HttpAnswer } from './http-client';
import { BadRequestFailure, TooLargeFailure } from './offer-in-parts';

/** Content Too Large (RFC 9110 section 15.5.14). */
const STATUS_TOO_LARGE = 413;
/** Bad Request and Unprocessable Content: the statuses that are about what a request holds. */
const CONTENT_STATUSES: ReadonlySet<number> = new Set([400, 422]);

/**
 * Failures that pass though their numbers begin with 4: the request took too long, a proxy on the way wants another password, there were too
 * many requests.
 */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 407, 429]);

/** Bytes of an answer in which it must begin. */
const MAX_BLANKS = 64;

/** What the status of an answer says about the records of the request. */
export type HttpVerdict = 'taken' | 'temporary' | 'permanent';

/**
 * Success is any 2xx or one of `accepted`. Every failure of the server itself passes, and some of those that it blames on the request;
 * the rest is for good.
 */
export function httpVerdict(status: number, accepted?: readonly number[]): HttpVerdict {
  if (accepted !== undefined && accepted.length > 0) {
    if (accepted.includes(status)) return 'taken';
  } else if (status >= 200 && status < 300) {
    return 'taken';
  }
  return PASSING_STATUSES.has(status) || status >= 500 ? 'temporary' : 'permanent';
}

/** The destination's own words. */
export function answerText(answer: HttpAnswer): string {
  const location = answer.headers.location;
  const words =
    answer.status >= 300 && answer.status < 400 && location !== undefined
      ? `redirects to ${shown(withoutCredentials(location))}; redirects are not followed`
      : shown(answer.body.toString('utf8'));
  return words === '' ? `HTTP status ${answer.status}` : `HTTP status ${answer.status}: ${words}`;
}

/** @throws TemporaryFailure, PermanentFailure, TooLargeFailure, BadRequestFailure unless the answer is a success */
export function requireTaken(answer: HttpAnswer, accepted?: readonly number[]): void {
  const verdict = httpVerdict(answer.status, accepted);
  if (verdict === 'taken') return;
  const text = answerText(answer);
  if (verdict === 'temporary') throw new TemporaryFailure(text, answer.retryAfterMs);
  if (answer.status === STATUS_TOO_LARGE) throw new TooLargeFailure(text);
  throw CONTENT_STATUSES.has(answer.status) ? new BadRequestFailure(text) : new PermanentFailure(text);
}

/**
 * Whether an answer that is no JSON is the beginning of some: it then comes from whom the request was for, and what is lost is but its end.
 * Other text, a login page perhaps, comes from somebody in between.
 */
export function isBrokenJson({ body, complete }: HttpAnswer): boolean {
  const start = body.toString('latin1', 0, MAX_BLANKS).trimStart();
  return start.startsWith('{') || (start === '' && !complete);
}
