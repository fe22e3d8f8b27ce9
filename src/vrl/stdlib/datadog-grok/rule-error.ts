/** A parsing rule that is not valid. */
export class RuleError extends Error {
  readonly code = 'GROK_RULE';
  constructor(message: string) {
    super(message);
    this.name = 'RuleError';
  }
}
