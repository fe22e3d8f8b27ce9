import type { ErrorContext } from './api-error';

/** One finding of the request validator: a JSON pointer into the request and what is wrong there. */
export interface ValidationFinding {
  readonly path: string;
  readonly message: string;
  readonly errorCode?: string;
}

/** Names that need no quotes in a path such as `records[3].level`. */
const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;
const INDEX = /^\d+$/;

/** How a context key begins, by the first part of a finding's path. */
const KEY_PREFIX: ReadonlyMap<string, string> = new Map([
  ['query', 'query:'],
  ['params', 'path:'],
  ['headers', 'header:'],
]);

/**
 * Findings by the input that they are about.
 * @example
 * validationContext([{ path: '/body/records/3/level', message: 'must be string' }])
 * // { body: ['records[3].level must be string'] }
 */
export function validationContext(findings: readonly ValidationFinding[]): ErrorContext {
  const messages = new Map<string, string[]>();
  for (const finding of findings) {
    const [place = '', ...rest] = finding.path
      .split('/')
      .filter((part, i) => i > 0 || part !== '')
      .map(unescapePointer);
    const prefix = KEY_PREFIX.get(place);
    const key = prefix === undefined ? 'body' : prefix + (rest.shift() ?? '');
    const list = messages.get(key) ?? [];
    list.push(describe(formatPath(rest), finding));
    messages.set(key, list);
  }
  return Object.fromEntries(messages);
}

/** A message about a part of an input, in the one form they all have. */
export function partMessage(path: string, message: string): string {
  return path === '' ? message : `${path} ${message}`;
}

/** Writes a path into a JSON value as one would in a program: `records[3].level`, `data["a.b"]`. */
export function formatPath(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) {
    if (INDEX.test(part)) text += `[${part}]`;
    else if (!PLAIN_NAME.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

function describe(path: string, finding: ValidationFinding): string {
  const message = finding.errorCode?.startsWith('required.') ? 'is required' : finding.message;
  return partMessage(path, message);
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
