import type { Source, Span } from '../syntax/source';
import type { Expression, ProgramTree } from '../syntax/tree';
import { checkExpression } from './check-expression';
import { CheckContext, type CheckOptions } from './context';
import { CheckStopped, errorAt, type Finding } from './diagnostic';
import type { Typed } from './typed';
import { findUnused } from './unused';

/** A program that passed the checker, or what is wrong with it. */
export interface CheckedProgram {
  readonly roots: readonly Typed[];
  readonly findings: readonly Finding[];
  /** Number of variables. */
  readonly slotCount: number;
}

/** Gives every expression its type and reports what the language refuses. Warnings are found only without errors. */
export function checkProgram(tree: ProgramTree, source: Source, options: CheckOptions): CheckedProgram {
  const byteSpan = (span: Span): Span => ({ start: source.byteOffset(span.start), end: source.byteOffset(span.end) });
  const context: CheckContext = new CheckContext(options, (expression) => check(context, expression), byteSpan);
  const roots: Typed[] = [];
  for (const root of tree.roots) {
    try {
      roots.push(context.check(root));
    } catch (stopped) {
      if (!(stopped instanceof CheckStopped)) throw stopped;
    }
    context.findings.push(...context.pending);
    context.pending.length = 0;
  }
  if (!context.findings.some((finding) => finding.severity === 'error')) {
    context.findings.push(...findUnused(tree));
  }
  return { roots, findings: context.findings, slotCount: context.slotCount };
}

function check(context: CheckContext, expression: Expression): Typed {
  const before = context.pending.length;
  const typed = checkExpression(context, expression);
  // What a part has reported, the whole need not report again.
  if (typed.fallible && context.pending.length === before) context.pending.push(unhandled(expression));
  return typed;
}

function unhandled(expression: Expression): Finding {
  return errorAt(100, 'unhandled error', expression, 'expression can result in runtime error', [
    'handle the error case to ensure runtime success',
  ]);
}
