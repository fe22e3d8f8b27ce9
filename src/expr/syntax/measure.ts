import { ExprSyntaxError } from '../errors';
import { MAX_DEPTH, MAX_NODES } from '../limits';
import { childrenOf, type ExprNode } from './tree';

/**
 * Holds the limits on a parsed tree. A node that stands in two places (the middle of a comparison chain) counts twice,
 * since it is compiled twice; a chain of one and/or operator counts as one level, since every stage walks it flat.
 */
export function checkSize(root: ExprNode, source: string): void {
  const pending: { node: ExprNode; depth: number }[] = [{ node: root, depth: 1 }];
  let count = 0;
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { node, depth } = entry;
    count++;
    if (count > MAX_NODES) {
      throw new ExprSyntaxError(
        'too_many_nodes',
        'compilation failed: expression exceeds maximum allowed nodes',
        source,
        node.start,
      );
    }
    if (depth > MAX_DEPTH) throw tooDeep(source, node.start);
    for (const child of childrenOf(node)) {
      const flat =
        node.kind === 'binary' &&
        (node.operator === 'and' || node.operator === 'or') &&
        child.kind === 'binary' &&
        child.operator === node.operator;
      pending.push({ node: child, depth: flat ? depth : depth + 1 });
    }
  }
}

/** The error for nesting beyond {@link MAX_DEPTH}. */
export function tooDeep(source: string, offset: number): ExprSyntaxError {
  return new ExprSyntaxError('too_deep', `the expression is nested more than ${MAX_DEPTH} levels deep`, source, offset);
}
