import type { Span } from '../syntax/source';

export type Severity = 'error' | 'warning';

/** A remark about a place in the program. */
export interface Label {
  readonly message: string;
  readonly span: Span;
}

/** What is wrong (or doubtful) in a program; spans are UTF-16 positions. */
export interface Finding {
  readonly code: number;
  readonly message: string;
  readonly severity: Severity;
  readonly span: Span;
  readonly labels: readonly Label[];
  readonly notes: readonly string[];
}

/** Makes an error; its first label stands at its span, others may say more about places around it. */
export function errorAt(
  code: number,
  message: string,
  span: Span,
  label = message,
  notes: readonly string[] = [],
  more: readonly Label[] = [],
): Finding {
  return { code, message, severity: 'error', span, labels: [{ message: label, span }, ...more], notes };
}

export function warningAt(
  code: number,
  message: string,
  span: Span,
  notes: readonly string[] = [],
  more: readonly Label[] = [],
): Finding {
  return { code, message, severity: 'warning', span, labels: [{ message, span }, ...more], notes };
}

/** A further label at a part of the program. */
export function labelAt({ start, end }: Span, message: string): Label {
  return { message, span: { start, end } };
}

/** Ends the check of a root expression; its finding has been reported. */
export class CheckStopped extends Error {
  constructor() {
    super('check stopped');
    this.name = 'CheckStopped';
  }
}
