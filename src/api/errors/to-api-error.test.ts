import { PipelineError } from '../../pipeline';
import { AuthError, type AuthErrorCode } from '../../storage/auth';
import { ConfigError } from '../../storage/config';
import { StorageError, type StorageErrorCode } from '../../storage/errors';
import { ApiError } from './api-error';
import { toApiError } from './to-api-error';

const STORAGE: readonly (readonly [StorageErrorCode, number, string])[] = [
  ['BACK_PRESSURE', 429, 'RESOURCE_EXHAUSTED'],
  ['STORE_FULL', 503, 'UNAVAILABLE'],
  ['STORE_FAILED', 503, 'UNAVAILABLE'],
  ['STORE_CLOSED', 503, 'UNAVAILABLE'],
  ['INVALID_FILTER', 400, 'INVALID_ARGUMENT'],
  ['INVALID_CURSOR', 400, 'INVALID_ARGUMENT'],
  ['QUERY_TIMEOUT', 504, 'DEADLINE_EXCEEDED'],
  ['QUERY_CANCELLED', 499, 'CANCELLED'],
  ['UNSUPPORTED_FORMAT', 500, 'INTERNAL'],
  ['CORRUPT_DATA', 500, 'INTERNAL'],
];

test.each(STORAGE)('StorageError %s', (code, httpStatus, status) => {
  const error = toApiError(new StorageError(code, 'the reason'));
  expect(error).toMatchObject({ code: status, httpStatus });
  expect(error.retryAfter !== undefined).toBe(httpStatus === 429 || httpStatus === 503);
});

const AUTH: readonly (readonly [AuthErrorCode, number])[] = [
  ['INVALID_NAME', 400],
  ['INVALID_PASSWORD', 400],
  ['INVALID_SCOPE', 400],
  ['INVALID_EXPIRY', 400],
  ['UNKNOWN_USER', 404],
  ['WRONG_PASSWORD', 403],
  ['LAST_ADMINISTRATOR', 409],
  ['TOO_MANY_TOKENS', 409],
  ['TOO_MANY_LOGINS', 429],
  ['INCOMPLETE_RESET', 500],
  ['INVALID_SECRET_KEY', 500],
];

test.each(AUTH)('AuthError %s', (code, httpStatus) => {
  const error = toApiError(new AuthError(code, 'the reason'));
  expect(error.httpStatus).toBe(httpStatus);
  expect(error.message.includes('the reason')).toBe(httpStatus !== 500);
});

test.each([
  [new PipelineError('UNKNOWN_PIPELINE', 'x'), 404],
  [new PipelineError('MISSING_ENTRYPOINT', 'x'), 409],
  [new PipelineError('PIPELINE_UNAVAILABLE', 'x'), 500],
  [new PipelineError('INVALID_FLOW', 'x', { problems: [{ path: '', message: 'm' }] }), 400],
  [new ConfigError('INVALID_NAME', 'x'), 400],
  [new ConfigError('INVALID_SYSTEM_CONFIGURATION', 'x'), 400],
  [new ConfigError('REVISION_MISMATCH', 'x'), 412],
  [new ConfigError('WRONG_SECRET_KEY', 'x'), 500],
  [Object.assign(new Error('too long'), { status: 414 }), 414],
  [Object.assign(new Error('secret'), { status: 503 }), 500],
  [new Error('secret'), 500],
  ['secret', 500],
  [undefined, 500],
])('%s', (thrown, httpStatus) => {
  const error = toApiError(thrown);
  expect(error.httpStatus).toBe(httpStatus);
  expect(error.message).not.toContain('secret');
});

test('an error that is meant for clients stays as it is', () => {
  const error = new ApiError('NOT_FOUND', 'no such thing');
  expect(toApiError(error)).toBe(error);
  expect(error.message).toBe('not found: no such thing');
  expect(new ApiError('PERMISSION_DENIED', '').message).toBe('permission denied');
});
