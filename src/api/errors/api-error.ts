/** The status words of an error answer and the HTTP status each has unless an error says otherwise. */
export const HTTP_STATUS = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  FAILED_PRECONDITION: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

export type CanonicalStatus = keyof typeof HTTP_STATUS;

/** What is wrong with which input: `body`, `query:<name>`, `path:<name>` or `header:<name>` to messages. */
export type ErrorContext = Readonly<Record<string, readonly string[]>>;

export interface ApiErrorOptions {
  readonly cause?: unknown;
  readonly context?: ErrorContext;
  /** HTTP status where it is not the usual one of the status word (412, 413). */
  readonly httpStatus?: number;
  /** A more specific number for the answer's `code`. */
  readonly detailCode?: number;
  /** Seconds to wait before the next attempt; becomes the header `Retry-After`. */
  readonly retryAfter?: number;
}

/** An error that a client is told about; `message` is safe to show. */
export class ApiError extends Error {
  readonly code: CanonicalStatus;
  readonly httpStatus: number;
  readonly context: ErrorContext | undefined;
  readonly detailCode: number | undefined;
  readonly retryAfter: number | undefined;

  /**
   * @param reason the cause in a few words; the status in words is put in front. Empty leaves only those.
   * @example
   * new ApiError('NOT_FOUND', 'pipeline "web" does not exist').message // 'not found: pipeline "web" does not exist'
   */
  constructor(code: CanonicalStatus, reason: string, options: ApiErrorOptions = {}) {
    const words = code.toLowerCase().replaceAll('_', ' ');
    super(reason === '' ? words : `${words}: ${reason}`, { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.httpStatus = options.httpStatus ?? HTTP_STATUS[code];
    this.context = options.context;
    this.detailCode = options.detailCode;
    this.retryAfter = options.retryAfter;
  }
}

/** An input that breaks a rule of the API's description. */
export function validationError(context: ErrorContext): ApiError {
  return new ApiError('INVALID_ARGUMENT', 'validation failed', { context });
}

/** A body above its limit: 413. */
export function bodyTooLarge(maxBytes: number): ApiError {
  return new ApiError('INVALID_ARGUMENT', `the body is larger than ${maxBytes} bytes`, { httpStatus: 413 });
}

/** A content type (or its charset) that an operation does not take: 400, as with the peer. */
export function unsupportedMedia(what: string, given: string, allowed: string): ApiError {
  return validationError({ 'header:content-type': [`${what} "${given}" is not supported, use ${allowed}`] });
}

/** A named thing that is not there. */
export function notFound(kind: string, name: string): ApiError {
  return new ApiError('NOT_FOUND', `${kind} "${name}" does not exist`);
}
