import type { VrlValue } from './value/value';

/** The state of one run of a program. */
export interface Runtime {
  /** The event, `.` in programs. */
  event: VrlValue;
  /** The event's metadata, `%` in programs. */
  metadata: VrlValue;
  /** Values of variables by slot; null before the first assignment. */
  readonly variables: VrlValue[];
}

/** Thrown by `abort`. */
export class AbortSignal {
  constructor(
    /** Undefined for an abort without message. */
    readonly text: string | undefined,
  ) {}
  get message(): string {
    return this.text ?? 'aborted';
  }
}

/** Thrown by `return`, up to the program or the closure around it. */
export class ReturnSignal {
  constructor(readonly value: VrlValue) {}
}
