import type { BinaryNode, ExprNode } from '../syntax/tree';
import { isArray, type Value } from '../value/value';
import { requiredTexts } from '../regex/required-texts';
import { allOf, ANY, equalsOneOf, hasText, NONE, type Constraint } from './constraint';
import { fieldOf, isWholeEnvironment } from './field-reference';
import { literalOf } from './simple-leaf';

/** Builtins that fail on the empty text, and so on a missing field. */
const FAIL_ON_EMPTY: ReadonlySet<string> = new Set(['int', 'float', 'fromJSON', 'date', 'duration']);

/** What a leaf that is true says about the fields it reads. */
export function leafConstraint(node: ExprNode, source: string): Constraint {
  if (node.kind === 'builtin') return prefixOrSuffix(node.name, node.arguments, source);
  if (node.kind !== 'binary') return ANY;
  // The right side of `??` is only evaluated where the left one is nil.
  const evaluated = node.operator === '??' ? [node.left] : [node.left, node.right];
  const converted = allOf(evaluated.map(conversion));
  return allOf([converted, comparison(node, source)]);
}

function comparison(node: BinaryNode, source: string): Constraint {
  const { operator, left, right } = node;
  if (operator === 'in' && isWholeEnvironment(right)) {
    const name = literalOf(left, source);
    return typeof name === 'string' ? { kind: 'present', field: name } : ANY;
  }
  const field = fieldOf(left);
  if (operator === '==') {
    if (field !== undefined) return equality(field, literalOf(right, source));
    const other = fieldOf(right);
    return other === undefined ? ANY : equality(other, literalOf(left, source));
  }
  if (field === undefined) return ANY;
  const value = literalOf(right, source);
  switch (operator) {
    case 'in':
      return value !== undefined && isArray(value) ? membership(field, value) : ANY;
    case 'contains':
      return typeof value === 'string' ? hasText('substring', field, value) : ANY;
    case 'startsWith':
      return typeof value === 'string' ? hasText('prefix', field, value) : ANY;
    case 'endsWith':
      return typeof value === 'string' ? hasText('suffix', field, value) : ANY;
    case 'matches':
      return typeof value === 'string'
        ? allOf(requiredTexts(value).map((text) => hasText('substring', field, text)))
        : ANY;
    case '>':
      return typeof value === 'string' ? { kind: 'present', field } : ANY;
    case '>=':
      return typeof value === 'string' && value !== '' ? { kind: 'present', field } : ANY;
    default:
      return ANY;
  }
}

/** A field is text, so it equals no literal of another kind. */
function equality(field: string, value: Value | undefined): Constraint {
  if (value === undefined) return ANY;
  return typeof value === 'string' ? equalsOneOf(field, [value]) : NONE;
}

function membership(field: string, items: readonly Value[]): Constraint {
  return equalsOneOf(field, [...new Set(items.filter((item) => typeof item === 'string'))]);
}

function prefixOrSuffix(name: string, args: readonly ExprNode[], source: string): Constraint {
  const [text, part] = args;
  if ((name !== 'hasPrefix' && name !== 'hasSuffix') || text === undefined || part === undefined) return ANY;
  const field = fieldOf(text);
  const value = literalOf(part, source);
  if (field === undefined || typeof value !== 'string') return ANY;
  return hasText(name === 'hasPrefix' ? 'prefix' : 'suffix', field, value);
}

/** An operand that converts a field fails where the field is missing. */
function conversion(node: ExprNode): Constraint {
  if (node.kind !== 'builtin' || !FAIL_ON_EMPTY.has(node.name)) return ANY;
  // With a layout of its own a date may be read from the empty text.
  const [text, layout] = node.arguments;
  const field = text && layout === undefined ? fieldOf(text) : undefined;
  return field === undefined ? ANY : { kind: 'present', field };
}
