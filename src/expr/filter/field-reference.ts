import { WHOLE_ENVIRONMENT } from '../compile/compiler';
import { BUILTIN_NAMES } from '../syntax/builtin-names';
import type { ExprNode } from '../syntax/tree';

/** Name of the field that the node reads outside of any `let`: a plain name or `$env.name`. */
export function fieldOf(node: ExprNode): string | undefined {
  if (node.kind === 'identifier') {
    return node.name === WHOLE_ENVIRONMENT || BUILTIN_NAMES.has(node.name) ? undefined : node.name;
  }
  if (node.kind === 'member' && isWholeEnvironment(node.target) && node.property.kind === 'string') {
    return node.property.value;
  }
  return undefined;
}

export function isWholeEnvironment(node: ExprNode): boolean {
  return node.kind === 'identifier' && node.name === WHOLE_ENVIRONMENT;
}
