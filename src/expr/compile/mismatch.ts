import type { BinaryNode } from '../syntax/tree';
import { describeType, elementOf, type StaticType } from '../types/static-type';

/** Why a binary operator cannot take its operands. */
export function mismatch(node: BinaryNode, left: StaticType, right: StaticType, source: string): string {
  const needle = describeType(left);
  if (node.operator === 'in' && right.kind === 'map') return `cannot use ${needle} as type string in map key`;
  if (node.operator === 'in' && (right.kind === 'array' || right.kind === 'bytes')) {
    const element = right.kind === 'bytes' ? 'uint8' : describeType(elementOf(right));
    return `cannot use ${needle} as type ${element} in array`;
  }
  return mismatchedTypes(writtenOperator(node, source), left, right);
}

/** Why an operator cannot take two types. */
export function mismatchedTypes(operator: string, left: StaticType, right: StaticType): string {
  return `invalid operation: ${operator} (mismatched types ${describeType(left)} and ${describeType(right)})`;
}

/** The operator as it stands in the source, where it has two spellings. */
export function writtenOperator(node: BinaryNode, source: string): string {
  const { operator, at } = node;
  switch (operator) {
    case 'and':
      return source.startsWith('and', at) ? operator : '&&';
    case 'or':
      return source.startsWith('||', at) ? '||' : operator;
    case '**':
      return source.startsWith('^', at) ? '^' : operator;
    default:
      return operator;
  }
}
