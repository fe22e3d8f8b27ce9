export type RequestBodyErrorCode =
  /** As sent or expanded, the body is above the limit. */
  | 'TOO_LARGE'
  | 'UNSUPPORTED_ENCODING'
  /** The body is not of the encoding that its header names. */
  | 'MALFORMED'
  /** Too many bodies are being received at once; the client may try again. */
  | 'BUSY'
  /** The client went away. */
  | 'CANCELLED';

/** Why the body of a request could not be read. */
export class RequestBodyError extends Error {
  readonly code: RequestBodyErrorCode;

  constructor(code: RequestBodyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RequestBodyError';
    this.code = code;
  }
}

export function bodyTooLarge(maxBytes: number): RequestBodyError {
  return new RequestBodyError('TOO_LARGE', `the body is larger than ${maxBytes} bytes`);
}
