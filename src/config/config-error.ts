/** Where a setting came from. */
export type ConfigSource = 'flag' | 'environment' | 'file' | 'default';

/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  readonly source: ConfigSource;
  /** The configuration file, as it was named; set when `source` is `file`. */
  readonly file?: string;
  /** Place in the file, both from 1. */
  readonly line?: number;
  readonly column?: number;
  /** The flag as it was written or the environment variable's name. */
  readonly origin?: string;
  /** Dotted path of the key; empty when the problem is not about one key. */
  readonly key: string;
  /** What is wrong and what is allowed. Never holds the value of a secret. */
  readonly message: string;
}

/** The configuration cannot be used; lists everything that is wrong with it. */
export class ConfigError extends Error {
  readonly code = 'INVALID_CONFIG';
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
  }
}

/**
 * One line for people.
 *
 * @example
 * formatProblem({ source: 'file', file: 'logweir.yaml', line: 2, column: 3, key: 'http.bnd', message: 'unknown key' });
 * // 'logweir.yaml:2:3: http.bnd: unknown key'
 */
export function formatProblem(problem: ConfigProblem): string {
  const parts: string[] = [];
  if (problem.file !== undefined) {
    const place = problem.line === undefined ? '' : `:${problem.line}:${problem.column ?? 1}`;
    parts.push(problem.file + place);
  } else if (problem.origin !== undefined) {
    parts.push(problem.origin);
  }
  if (problem.key !== '' && problem.key !== problem.origin) parts.push(problem.key);
  parts.push(problem.message);
  return parts.join(': ');
}
