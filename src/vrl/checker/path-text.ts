import type { Segment } from '../syntax/tree';

/** A text that is no path; `position` is a UTF-16 offset into it. */
export class PathSyntaxError extends Error {
  readonly code = 'PATH_SYNTAX';
  constructor(
    text: string,
    readonly position: number,
  ) {
    super(`invalid path ${JSON.stringify(text)} at ${position}: expected a field, a quoted field or an index`);
    this.name = 'PathSyntaxError';
  }
}

const FIELD = /\.?([A-Za-z0-9_@-]+)/y;
const QUOTED = /\.?"((?:[^"\\]|\\["\\])*)"/y;
const INDEX = /\.?\[(-?[0-9]{1,7})\]/y;

/**
 * Reads a path as configurations write it: like in programs, with `-` allowed in plain fields. A leading dot may be
 * left out; `.` alone is the root.
 *
 * @throws PathSyntaxError
 * @example parsePathText('.kubernetes.pod-name[0]') // ['kubernetes', 'pod-name', 0]
 */
export function parsePathText(text: string): Segment[] {
  const path: Segment[] = [];
  let position = 0;
  if (text === '.' || text === '%' || text === '') return path;
  if (text.startsWith('%')) position = 1;
  const next = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    // Between two fields the dot is what separates them.
    if (match === null || (path.length > 0 && !match[0].startsWith('.') && !match[0].startsWith('['))) return undefined;
    position = pattern.lastIndex;
    return match[1];
  };
  while (position < text.length) {
    const field = next(FIELD) ?? next(QUOTED)?.replace(/\\(.)/g, '$1');
    const index = field === undefined ? next(INDEX) : undefined;
    if (field !== undefined) path.push(field);
    else if (index !== undefined) path.push(Number(index));
    else throw new PathSyntaxError(text, position);
  }
  return path;
}
