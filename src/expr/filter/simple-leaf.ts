import type { ExprNode } from '../syntax/tree';
import { Compiler } from '../compile/compiler';
import { isArray, type Value } from '../value/value';
import { fieldOf } from './field-reference';
import { FIELD_TYPES } from './field-frame';
import type { FilterTest, SimpleLeaf } from './node';

/** The leaf as a comparison of one field with literal texts, where it is no more than that. */
export function simpleLeafOf(node: ExprNode, source: string): SimpleLeaf | undefined {
  if (node.kind !== 'binary') return undefined;
  const { operator, left, right } = node;
  if (operator === '==') {
    const field = fieldOf(left) ?? fieldOf(right);
    if (field === undefined) return undefined;
    const value = literalOf(fieldOf(left) === undefined ? left : right, source);
    return typeof value === 'string' ? { operator: 'equals', field, values: [value] } : undefined;
  }
  const field = fieldOf(left);
  if (field === undefined) return undefined;
  const value = literalOf(right, source);
  if (operator === 'in') {
    const values = textsOf(value);
    return values && { operator: 'equals', field, values };
  }
  if ((operator === 'contains' || operator === 'startsWith' || operator === 'endsWith') && typeof value === 'string') {
    return { operator, field, values: [value] };
  }
  return undefined;
}

/** Value of a literal, folded from its parts; undefined when the node is none. */
export function literalOf(node: ExprNode, source: string): Value | undefined {
  return new Compiler(source, FIELD_TYPES).compile(node).constant;
}

function textsOf(value: Value | undefined): readonly string[] | undefined {
  if (value === undefined || !isArray(value) || value.length === 0) return undefined;
  const texts = value.filter((item) => typeof item === 'string');
  return texts.length === value.length ? [...new Set(texts)] : undefined;
}

/** The leaf as a function; each operator has its own, since these run for every record. */
export function simpleTest(leaf: SimpleLeaf): FilterTest {
  const { field, operator, values } = leaf;
  const [value = ''] = values;
  switch (operator) {
    case 'equals':
      return values.length === 1 ? equalsTest(field, value) : inTest(field, values);
    case 'contains':
      return (lookup) => (lookup.get(field) ?? '').includes(value);
    case 'startsWith':
      return (lookup) => (lookup.get(field) ?? '').startsWith(value);
    case 'endsWith':
      return (lookup) => (lookup.get(field) ?? '').endsWith(value);
  }
}

function equalsTest(field: string, value: string): FilterTest {
  if (value === '') return (lookup) => (lookup.get(field) ?? '') === '';
  return (lookup) => lookup.get(field) === value;
}

function inTest(field: string, values: readonly string[]): FilterTest {
  const set = new Set(values);
  return (lookup) => set.has(lookup.get(field) ?? '');
}
