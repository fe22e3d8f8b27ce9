export type PipelineErrorCode = 'UNKNOWN_PIPELINE' | 'MISSING_ENTRYPOINT' | 'PIPELINE_UNAVAILABLE' | 'INVALID_FLOW';

/** One thing that is wrong (or, as a warning, suspicious) in a flow graph. */
export interface FlowProblem {
  /** Where, inside the flow: `nodes[2].data.stream`; empty for the flow as a whole. */
  readonly path: string;
  /** Id of the node that the problem is about, so that an editor can mark it. */
  readonly node?: string;
  /** What is wrong and what is allowed. */
  readonly message: string;
}

/** Problems spelled out in an error's message; the rest is only in its `problems`. */
const PROBLEMS_IN_MESSAGE = 5;

/** A failure of the pipeline room; `code` says which, for programs, the message for people. */
export class PipelineError extends Error {
  readonly code: PipelineErrorCode;
  /** Everything that is wrong with the flow, for `INVALID_FLOW` and `PIPELINE_UNAVAILABLE`. */
  readonly problems: readonly FlowProblem[];

  constructor(
    code: PipelineErrorCode,
    message: string,
    options?: { cause?: unknown; problems?: readonly FlowProblem[] },
  ) {
    super(message, { cause: options?.cause });
    this.name = 'PipelineError';
    this.code = code;
    this.problems = options?.problems ?? [];
  }
}

/** Problems as one line of text. */
export function describeProblems(problems: readonly FlowProblem[]): string {
  const shown = problems
    .slice(0, PROBLEMS_IN_MESSAGE)
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const hidden = problems.length - shown.length;
  return shown.join('; ') + (hidden > 0 ? `; and ${hidden} more` : '');
}

/** Longest text of an error kept with a failed record, in UTF-16 code units: an error may quote a whole value. */
const MAX_ERROR_TEXT = 4096;

/** The text of anything that was thrown, of bounded length. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.length > MAX_ERROR_TEXT ? `${text.slice(0, MAX_ERROR_TEXT)}…` : text;
}
