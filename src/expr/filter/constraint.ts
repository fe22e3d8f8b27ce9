/**
 * What every record that a filter matches is sure to fulfil. `equals` never has the empty text among its values, so all
 * kinds but `any` and `none` imply that the field is there.
 */
export type Constraint =
  | { readonly kind: 'any' }
  | { readonly kind: 'none' }
  | { readonly kind: 'and' | 'or'; readonly children: readonly Constraint[] }
  | { readonly kind: 'equals'; readonly field: string; readonly values: readonly string[] }
  | { readonly kind: 'prefix' | 'suffix' | 'substring'; readonly field: string; readonly value: string }
  | { readonly kind: 'present'; readonly field: string };

export const ANY: Constraint = Object.freeze({ kind: 'any' });
export const NONE: Constraint = Object.freeze({ kind: 'none' });

/** All of the constraints hold. */
export function allOf(constraints: readonly Constraint[]): Constraint {
  const children = constraints.filter((child) => child.kind !== 'any');
  if (children.some((child) => child.kind === 'none')) return NONE;
  const [first] = children;
  if (first === undefined) return ANY;
  return children.length === 1 ? first : { kind: 'and', children };
}

/** One of the constraints holds. */
export function oneOf(constraints: readonly Constraint[]): Constraint {
  const children = constraints.filter((child) => child.kind !== 'none');
  if (children.some((child) => child.kind === 'any')) return ANY;
  const [first] = children;
  if (first === undefined) return NONE;
  return children.length === 1 ? first : { kind: 'or', children };
}

/** The field has one of the values. A value that a missing field has too says nothing of use. */
export function equalsOneOf(field: string, values: readonly string[]): Constraint {
  if (values.length === 0) return NONE;
  return values.includes('') ? ANY : { kind: 'equals', field, values };
}

/** The field begins with, ends with or holds the text. */
export function hasText(kind: 'prefix' | 'suffix' | 'substring', field: string, value: string): Constraint {
  return value === '' ? ANY : { kind, field, value };
}
