import type { Expression } from '../syntax/tree';
import { childrenOf } from '../syntax/children';

/** Names of the variables that are assigned (or taken from) anywhere inside an expression. */
export function assignedVariables(root: Expression): Set<string> {
  const names = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.type === 'assignment') {
      for (const target of [node.target, node.errorTarget]) {
        if (target?.type === 'query' && target.base.type === 'variable') names.add(target.base.name);
      }
    }
    if (node.type === 'call') {
      // A path handed to a function may be changed by it (del).
      for (const { value } of node.arguments) {
        if (value.type === 'query' && value.base.type === 'variable') names.add(value.base.name);
      }
    }
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return names;
}
