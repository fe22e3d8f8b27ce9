import type { FieldLookup } from '../value/field-map';

/** How a simple leaf compares its field with literals; `equals` holds when the field is any one of the values. */
export type SimpleOperator = 'equals' | 'contains' | 'startsWith' | 'endsWith';

export interface SimpleLeaf {
  readonly operator: SimpleOperator;
  readonly field: string;
  readonly values: readonly string[];
}

/** A condition that is not made of others. */
export interface FilterLeaf {
  readonly kind: 'leaf';
  /** Fields it can read; undefined when it may read any. */
  readonly fields: readonly string[] | undefined;
  /** @throws ExprRuntimeError where the language says that the values at hand cannot be evaluated. */
  test(lookup: FieldLookup): boolean;
  /** Present where the leaf does no more than compare one field with literals; such a leaf never throws. */
  readonly simple?: SimpleLeaf;
}

/** A filter as a tree of conditions; `and` and `or` evaluate from left to right and stop when settled. */
export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly children: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly child: FilterNode }
  | FilterLeaf;

export type FilterTest = (lookup: FieldLookup) => boolean;

/** The tree as one function. */
export function testOf(node: FilterNode): FilterTest {
  if (node.kind === 'leaf') return (lookup) => node.test(lookup);
  if (node.kind === 'not') {
    const test = leafTest(node.child);
    return (lookup) => !test(lookup);
  }
  const settling = node.kind === 'or';
  const tests = node.children.map(leafTest);
  const [first, second] = tests;
  if (first !== undefined && second !== undefined && tests.length === 2) {
    return settling ? (lookup) => first(lookup) || second(lookup) : (lookup) => first(lookup) && second(lookup);
  }
  return (lookup) => {
    for (const test of tests) if (test(lookup) === settling) return settling;
    return !settling;
  };
}

/** A leaf's own function spares one call on the way. */
function leafTest(node: FilterNode): FilterTest {
  return node.kind === 'leaf' ? node.test : testOf(node);
}
