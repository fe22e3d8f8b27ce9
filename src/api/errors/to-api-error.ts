import { RequestBodyError } from '../../inputs/http';
import { ExprCompileError, ExprSyntaxError } from '../../expr/errors';
import { ForwarderError } from '../../forwarders/forwarder-error';
import { PipelineError } from '../../pipeline/errors';
import { AuthError, type AuthErrorCode } from '../../storage/auth/auth-error';
import { ConfigError } from '../../storage/config/config-error';
import { StorageError } from '../../storage/errors';
import { ApiError } from './api-error';
import { partMessage, validationContext, type ValidationFinding } from './validation-context';

/** A commit takes milliseconds: a second later there is room again unless senders keep coming faster than the disk. */
const RETRY_BACK_PRESSURE_SECONDS = 1;
/** Retention runs about this often, and it is what makes room. */
const RETRY_STORE_FULL_SECONDS = 30;
/** A restart or a hiccup of the disk. */
const RETRY_UNAVAILABLE_SECONDS = 5;
/** What waits for a password check is done by then. */
const RETRY_LOGIN_SECONDS = 2;

/** Text for failures that are nobody's business but the operator's; the log has the rest. */
const HIDDEN = 'unexpected failure';

/** What a client is told about anything that was thrown. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof RequestBodyError) return fromBody(error);
  if (error instanceof StorageError) return fromStorage(error);
  if (error instanceof PipelineError) return fromPipeline(error);
  if (error instanceof ForwarderError) return fromForwarder(error);
  if (error instanceof AuthError) return fromAuth(error);
  if (error instanceof ConfigError) return fromConfig(error);
  if (error instanceof ExprSyntaxError || error instanceof ExprCompileError) return invalidFilter(error);
  if ((error instanceof Error && error.name === 'AbortError') || isPrematureClose(error))
    return new ApiError('CANCELLED', 'the client has gone', { cause: error });
  return fromHttp(error) ?? new ApiError('INTERNAL', HIDDEN, { cause: error });
}

/** What a stream says when the connection that it writes to is closed before its end. */
function isPrematureClose(error: unknown): boolean {
  return typeof error === 'object' && (error as NodeJS.ErrnoException | null)?.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** A filter that does not compile; the message has the position. */
function invalidFilter(error: Error): ApiError {
  return new ApiError('INVALID_ARGUMENT', 'the filter is invalid', {
    context: { 'query:filter': [error.message] },
    cause: error,
  });
}

function fromBody(error: RequestBodyError): ApiError {
  const { message: reason } = error;
  switch (error.code) {
    case 'TOO_LARGE':
      return new ApiError('INVALID_ARGUMENT', reason, { httpStatus: 413, cause: error });
    case 'UNSUPPORTED_ENCODING':
      return new ApiError('INVALID_ARGUMENT', 'validation failed', {
        context: { 'header:content-encoding': [reason] },
        cause: error,
      });
    case 'MALFORMED':
      return new ApiError('INVALID_ARGUMENT', 'validation failed', { context: { body: [reason] }, cause: error });
    case 'BUSY':
      return new ApiError('RESOURCE_EXHAUSTED', reason, { retryAfter: RETRY_BACK_PRESSURE_SECONDS, cause: error });
    case 'CANCELLED':
      return new ApiError('CANCELLED', reason, { cause: error });
  }
}

function fromStorage(error: StorageError): ApiError {
  const { message: reason } = error;
  switch (error.code) {
    case 'BACK_PRESSURE':
      return new ApiError('RESOURCE_EXHAUSTED', reason, { retryAfter: RETRY_BACK_PRESSURE_SECONDS, cause: error });
    case 'STORE_FULL':
      return new ApiError('UNAVAILABLE', reason, { retryAfter: RETRY_STORE_FULL_SECONDS, cause: error });
    case 'STORE_FAILED':
    case 'STORE_CLOSED':
      return new ApiError('UNAVAILABLE', reason, { retryAfter: RETRY_UNAVAILABLE_SECONDS, cause: error });
    case 'INVALID_FILTER':
      return invalidFilter(error);
    case 'INVALID_CURSOR':
      return new ApiError('INVALID_ARGUMENT', reason, { context: { 'query:cursor': [reason] }, cause: error });
    case 'QUERY_TIMEOUT':
      return new ApiError('DEADLINE_EXCEEDED', reason, { cause: error });
    case 'QUERY_CANCELLED':
      return new ApiError('CANCELLED', reason, { cause: error });
    default:
      return new ApiError('INTERNAL', reason, { cause: error });
  }
}

function fromPipeline(error: PipelineError): ApiError {
  switch (error.code) {
    case 'UNKNOWN_PIPELINE':
      return new ApiError('NOT_FOUND', error.message, { cause: error });
    case 'MISSING_ENTRYPOINT':
      return new ApiError('FAILED_PRECONDITION', error.message, { cause: error });
    case 'INVALID_FLOW': {
      const messages = error.problems.map(({ path, message }) =>
        partMessage(path === '' ? 'flow' : `flow.${path}`, message),
      );
      return new ApiError('INVALID_ARGUMENT', error.message, { context: { body: messages }, cause: error });
    }
    default:
      return new ApiError('INTERNAL', error.message, { cause: error });
  }
}

function fromForwarder(error: ForwarderError): ApiError {
  switch (error.code) {
    case 'INVALID_FORWARDER': {
      const messages = error.problems.map(({ path, message }) =>
        partMessage(path === '' ? 'forwarder' : `forwarder.${path}`, message),
      );
      return new ApiError('INVALID_ARGUMENT', error.message, { context: { body: messages }, cause: error });
    }
    case 'NO_PREVIEW':
      return new ApiError('INVALID_ARGUMENT', error.message, {
        context: { 'query:preview': [error.message] },
        cause: error,
      });
    case 'UNKNOWN_FORWARDER':
    case 'UNKNOWN_DEAD_LETTER':
      return new ApiError('NOT_FOUND', error.message, { cause: error });
    case 'QUEUE_NOT_EMPTY':
      return new ApiError('FAILED_PRECONDITION', error.message, { cause: error });
    default:
      return new ApiError('INTERNAL', error.message, { cause: error });
  }
}

const AUTH_STATUS: ReadonlyMap<
  AuthErrorCode,
  'INVALID_ARGUMENT' | 'NOT_FOUND' | 'PERMISSION_DENIED' | 'FAILED_PRECONDITION'
> = new Map([
  ['INVALID_NAME', 'INVALID_ARGUMENT'],
  ['INVALID_PASSWORD', 'INVALID_ARGUMENT'],
  ['INVALID_SCOPE', 'INVALID_ARGUMENT'],
  ['INVALID_EXPIRY', 'INVALID_ARGUMENT'],
  ['UNKNOWN_USER', 'NOT_FOUND'],
  ['WRONG_PASSWORD', 'PERMISSION_DENIED'],
  ['LAST_ADMINISTRATOR', 'FAILED_PRECONDITION'],
  ['TOO_MANY_TOKENS', 'FAILED_PRECONDITION'],
]);

function fromAuth(error: AuthError): ApiError {
  if (error.code === 'TOO_MANY_LOGINS') {
    return new ApiError('RESOURCE_EXHAUSTED', error.message, { retryAfter: RETRY_LOGIN_SECONDS, cause: error });
  }
  const status = AUTH_STATUS.get(error.code);
  if (status === undefined) return new ApiError('INTERNAL', HIDDEN, { cause: error });
  const context = status === 'INVALID_ARGUMENT' ? { body: [error.message] } : undefined;
  return new ApiError(status, error.message, { context, cause: error });
}

function fromConfig(error: ConfigError): ApiError {
  switch (error.code) {
    case 'INVALID_NAME':
    case 'INVALID_SYSTEM_CONFIGURATION':
      return new ApiError('INVALID_ARGUMENT', error.message, { context: { body: [error.message] }, cause: error });
    case 'REVISION_MISMATCH':
      return new ApiError('FAILED_PRECONDITION', error.message, { httpStatus: 412, cause: error });
    default:
      return new ApiError('INTERNAL', error.message, { cause: error });
  }
}

/** Errors of Express and of the request validator: they carry an HTTP status, and findings when an input is at fault. */
function fromHttp(error: unknown): ApiError | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status < 400 || error.status > 499) return undefined;
  const findings = 'errors' in error && Array.isArray(error.errors) ? (error.errors as ValidationFinding[]) : [];
  const reason = findings.length > 0 ? 'validation failed' : error.message;
  const context = findings.length > 0 ? validationContext(findings) : undefined;
  return new ApiError('INVALID_ARGUMENT', reason, { httpStatus: error.status, context, cause: error });
}
