import type { Typed } from '../checker/typed';

/** The expressions right inside a checked expression. */
export function partsOf(node: Typed): readonly Typed[] {
  switch (node.type) {
    case 'array':
      return node.items;
    case 'object':
      return node.values;
    case 'block':
      return node.body;
    case 'if':
      return node.otherwise === undefined ? [node.predicate, node.then] : [node.predicate, node.then, node.otherwise];
    case 'binary':
      return [node.left, node.right];
    case 'not':
      return [node.operand];
    case 'query':
      return node.base.type === 'expression' ? [node.base.expression] : [];
    case 'call': {
      const values = [...node.arguments.values()];
      return node.closure === undefined ? values : [...values, node.closure.block];
    }
    case 'assignment':
    case 'fallibleAssignment':
      return [node.value];
    case 'abort':
      return node.message === undefined ? [] : [node.message];
    case 'return':
      return [node.value];
    default:
      return [];
  }
}

const mutating = new WeakMap<Typed, boolean>();

/** May evaluating the expression change a collection in place (rather than store another one)? */
export function mutatesCollections(node: Typed): boolean {
  let result = mutating.get(node);
  if (result === undefined) {
    result = changesPath(node) || partsOf(node).some(mutatesCollections);
    mutating.set(node, result);
  }
  return result;
}

function changesPath(node: Typed): boolean {
  switch (node.type) {
    case 'assignment':
      return node.target !== undefined && node.target.path.length > 0;
    case 'fallibleAssignment':
      return [node.target, node.errorTarget].some((target) => target !== undefined && target.path.length > 0);
    case 'call':
      return node.definition.removes !== undefined;
    default:
      return false;
  }
}

/** True for expressions that do nothing but compute, so that a known value can stand for them. */
export function isPure(node: Typed): boolean {
  switch (node.type) {
    case 'constant':
    case 'template':
      return true;
    case 'array':
    case 'object':
    case 'binary':
    case 'not':
    case 'query':
      return partsOf(node).every(isPure);
    default:
      return false;
  }
}
