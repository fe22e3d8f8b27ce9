import type { Expression } from './tree';

/** The expressions right inside an expression. */
export function childrenOf(node: Expression): readonly Expression[] {
  switch (node.type) {
    case 'array':
      return node.items;
    case 'object':
      return node.members.map((member) => member.value);
    case 'group':
      return [node.inner];
    case 'block':
      return node.body;
    case 'if':
      return [...node.predicate, node.then, ...(node.otherwise === undefined ? [] : [node.otherwise])];
    case 'binary':
      return [node.left, node.right];
    case 'not':
      return [node.operand];
    case 'query':
      return node.base.type === 'expression' ? [node.base.expression] : [];
    case 'call': {
      const values = node.arguments.map((argument) => argument.value);
      return node.closure === undefined ? values : [...values, node.closure.block];
    }
    case 'assignment':
      return [node.value];
    case 'abort':
      return node.message === undefined ? [] : [node.message];
    case 'return':
      return [node.value];
    default:
      return [];
  }
}
