import type { FlowProblem } from './errors';

/** Collects what is wrong with a flow. A problem inside a part that is already reported is not told again. */
export class FlowProblems {
  readonly errors: FlowProblem[] = [];
  readonly warnings: FlowProblem[] = [];
  readonly #reportedPaths = new Set<string>();

  /** Reports an error: the flow can't run. */
  add(path: string, message: string, node?: string): void {
    if (this.#isReported(path)) return;
    this.#reportedPaths.add(path);
    this.errors.push(problem(path, message, node));
  }

  /** Reports something suspicious: the flow runs. */
  warn(path: string, message: string, node?: string): void {
    this.warnings.push(problem(path, message, node));
  }

  #isReported(path: string): boolean {
    for (
      let end = path.length;
      end > 0;
      end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1))
    ) {
      if (this.#reportedPaths.has(path.slice(0, end))) return true;
    }
    return false;
  }
}

function problem(path: string, message: string, node: string | undefined): FlowProblem {
  return node === undefined || node === '' ? { path, message } : { path, node, message };
}
