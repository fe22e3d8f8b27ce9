import { answerProblems, description } from './description';
import type { Answer, Harness, RequestOptions } from './harness';

export interface OperationOptions extends RequestOptions {
  /** Parts of the path, by name. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
}

/** Calls an operation by its id and checks that the answer is as described. */
export async function operate(harness: Harness, id: string, options: OperationOptions = {}): Promise<Answer> {
  const operation = description.operations.find((candidate) => candidate.id === id);
  if (operation === undefined) throw new Error(`no operation ${id}`);
  const answer = await harness.call(operation.method.toUpperCase(), target(operation.path, options), options);
  expect({ id, status: answer.status, problems: answerProblems(id, answer) }).toEqual({
    id,
    status: answer.status,
    problems: [],
  });
  return answer;
}

function target(path: string, { path: parts = {}, query = {} }: OperationOptions): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(parts[name] ?? 'x'));
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) {
    for (const value of typeof values === 'string' ? [values] : values) search.append(name, value);
  }
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}
