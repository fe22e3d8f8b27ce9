import { ApiError } from '../errors/api-error';
import { LOGIN_WINDOW_MS, LoginLimiter, MAX_LOGIN_FAILURES } from './login-limiter';

let now: number;
let limiter: LoginLimiter;

beforeEach(() => {
  now = 1_000_000;
  limiter = new LoginLimiter(() => now);
});

function fail(times: number, user = 'root', address = '192.0.2.1'): void {
  for (let i = 0; i < times; i++) limiter.begin(user, address);
}

test('failures above the limit wait until the first of them is forgotten', () => {
  fail(1);
  now += 60_000;
  fail(MAX_LOGIN_FAILURES - 1);
  let refusal: unknown;
  try {
    fail(1);
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(ApiError);
  expect(refusal).toMatchObject({ httpStatus: 429, retryAfter: (LOGIN_WINDOW_MS - 60_000) / 1000 });
  now += LOGIN_WINDOW_MS - 60_000;
  expect(() => fail(1)).not.toThrow();
});

test('a success begins anew', () => {
  fail(MAX_LOGIN_FAILURES);
  limiter.succeeded('root', '192.0.2.1');
  expect(() => fail(MAX_LOGIN_FAILURES)).not.toThrow();
});

test('other users and other addresses are not concerned', () => {
  fail(MAX_LOGIN_FAILURES);
  expect(() => fail(1, 'alice')).not.toThrow();
  expect(() => fail(1, 'root', '192.0.2.2')).not.toThrow();
  expect(() => fail(1)).toThrow(ApiError);
});
