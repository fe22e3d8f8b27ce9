import type { Constraint } from '../../expr';
import { mayContain } from './bloom-filter';
import { requiredTokens, type TextPosition } from './token';

/** What is known of a field in a segment without reading its values. */
export interface ColumnSummary {
  /** All distinct values, when the column has a dictionary. */
  readonly values?: readonly string[];
  /** Bloom filter of all tokens, when it has one. */
  readonly filter?: Uint8Array;
}

/** The fields whose summaries a constraint is checked against. */
export function constraintFields(constraint: Constraint): Set<string> {
  const fields = new Set<string>();
  const visit = (part: Constraint): void => {
    if ('children' in part) part.children.forEach(visit);
    else if ('field' in part) fields.add(part.field);
  };
  visit(constraint);
  return fields;
}

/** False when no record of the segment can satisfy the constraint; a field without a summary is in no record. */
export function maySatisfy(constraint: Constraint, summaries: ReadonlyMap<string, ColumnSummary>): boolean {
  switch (constraint.kind) {
    case 'any':
      return true;
    case 'none':
      return false;
    case 'and':
      return constraint.children.every((child) => maySatisfy(child, summaries));
    case 'or':
      return constraint.children.some((child) => maySatisfy(child, summaries));
    case 'present':
      return summaries.has(constraint.field);
    case 'equals':
      return constraint.values.some((value) => mayHold(summaries.get(constraint.field), value, 'whole', equals));
    case 'prefix':
      return mayHold(summaries.get(constraint.field), constraint.value, 'prefix', (a, b) => a.startsWith(b));
    case 'suffix':
      return mayHold(summaries.get(constraint.field), constraint.value, 'suffix', (a, b) => a.endsWith(b));
    case 'substring':
      return mayHold(summaries.get(constraint.field), constraint.value, 'inside', (a, b) => a.includes(b));
  }
}

function equals(value: string, wanted: string): boolean {
  return value === wanted;
}

function mayHold(
  summary: ColumnSummary | undefined,
  wanted: string,
  position: TextPosition,
  holds: (value: string, wanted: string) => boolean,
): boolean {
  // A record without the field reads as the empty string, and any text contains the empty one.
  if (wanted === '') return true;
  if (summary === undefined) return false;
  if (summary.values !== undefined) return summary.values.some((value) => holds(value, wanted));
  const filter = summary.filter;
  return filter === undefined || requiredTokens(wanted, position).every((hash) => mayContain(filter, hash));
}
