import type { ConfigProblem } from './forwarder-type';

export type ForwarderErrorCode =
  /** The document says something that can't be; `problems` has all of it. */
  | 'INVALID_FORWARDER'
  | 'UNKNOWN_FORWARDER'
  /** Its stored document can't be used. */
  | 'UNAVAILABLE_FORWARDER'
  | 'UNKNOWN_DEAD_LETTER'
  /** It would take records with it that are still to be delivered. */
  | 'QUEUE_NOT_EMPTY'
  /** A trial failed; the message is the destination's own. */
  | 'DELIVERY_FAILED'
  /** The type can't show what it would send. */
  | 'NO_PREVIEW';

/** A failure of the forwarders; `code` says which, for programs, the message for people. */
export class ForwarderError extends Error {
  override readonly name = 'ForwarderError';
  readonly code: ForwarderErrorCode;
  /** Each with its dotted path in the document. */
  readonly problems: readonly ConfigProblem[];

  constructor(
    code: ForwarderErrorCode,
    message: string,
    options: { cause?: unknown; problems?: readonly ConfigProblem[] } = {},
  ) {
    super(message, { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }
}
