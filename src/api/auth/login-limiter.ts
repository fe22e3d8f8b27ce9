import { BoundedMap } from '../../storage/auth/bounded-map';
import { ApiError } from '../errors/api-error';

/** Failures of one user from one address before it has to wait: enough for a person who tries all passwords they have. */
export const MAX_LOGIN_FAILURES = 10;
/** How long failures count: ten guesses in five minutes are 2880 a day, hopeless against any password worth the name. */
export const LOGIN_WINDOW_MS = 5 * 60 * 1000;
/** Pairs of user and address that are watched, about 2 MB. Whoever floods it only pushes out the oldest. */
const MAX_PAIRS = 10_000;

interface Attempts {
  failures: number;
  /** When the failures are forgotten, on the limiter's clock. */
  readonly endsAt: number;
}

/** Makes guessing passwords slow: counts failures of each pair of user and address. */
export class LoginLimiter {
  readonly #attempts = new BoundedMap<string, Attempts>(MAX_PAIRS);
  readonly #now: () => number;

  /** @param now milliseconds, best on a clock that is never set */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Counts an attempt as failed until {@link succeeded} says otherwise, so that parallel guesses count as well.
   * @throws ApiError `RESOURCE_EXHAUSTED` with the time to wait
   */
  begin(user: string, address: string): void {
    const now = this.#now();
    const key = pairKey(user, address);
    const known = this.#attempts.get(key);
    if (known === undefined || known.endsAt <= now) {
      this.#attempts.set(key, { failures: 1, endsAt: now + LOGIN_WINDOW_MS });
      return;
    }
    if (known.failures >= MAX_LOGIN_FAILURES) {
      throw new ApiError('RESOURCE_EXHAUSTED', 'too many failed logins', { retryAfter: (known.endsAt - now) / 1000 });
    }
    known.failures++;
  }

  succeeded(user: string, address: string): void {
    this.#attempts.set(pairKey(user, address), { failures: 0, endsAt: this.#now() + LOGIN_WINDOW_MS });
  }
}

function pairKey(user: string, address: string): string {
  return `${address}\n${user}`;
}
