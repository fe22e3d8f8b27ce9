/** What one check found. */
export interface Finding {
  /** What was looked at. */
  readonly check: string;
  /** `problem`: something does not work, or will not; `warning`: it works, and could be better. */
  readonly status: 'ok' | 'warning' | 'problem';
  readonly detail: string;
  /** What to do. */
  readonly advice?: string;
}
