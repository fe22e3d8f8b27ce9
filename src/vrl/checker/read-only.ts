import { PathSyntaxError } from './path-text';
import { parsePathText } from './path-text';
import type { Segment } from '../syntax/tree';

/** A path that programs may not change. */
export interface ReadOnlyPath {
  readonly target: 'event' | 'metadata';
  /** Path text such as `.host` or `."a b"[0]`; `.` is the root. */
  readonly path: string;
  /** Also protect everything below. */
  readonly recursive: boolean;
}

interface ParsedPath {
  readonly target: 'event' | 'metadata';
  readonly path: readonly Segment[];
  readonly recursive: boolean;
}

/** The read-only paths of a program. */
export class ReadOnlyPaths {
  readonly #paths: readonly ParsedPath[];

  /** @throws PathSyntaxError for a text that is no path */
  constructor(paths: readonly ReadOnlyPath[]) {
    this.#paths = paths.map(({ target, path, recursive }) => ({ target, path: parsePathText(path), recursive }));
  }

  /** Would writing to (or deleting) the path change a protected value? Parents of protected values are protected too. */
  protects(target: 'event' | 'metadata', path: readonly Segment[]): boolean {
    return this.#paths.some(
      (entry) =>
        entry.target === target && (startsWith(entry.path, path) || (entry.recursive && startsWith(path, entry.path))),
    );
  }
}

function startsWith(path: readonly Segment[], prefix: readonly Segment[]): boolean {
  return prefix.length <= path.length && prefix.every((segment, i) => segment === path[i]);
}

export { PathSyntaxError };
