import { ExprCompileError, ExprSyntaxError } from '../errors';
import { parse } from '../syntax/parser';
import { RecordLookup, type FieldLookup } from '../value/field-map';
import { FilterBuilder } from './build';
import type { Constraint } from './constraint';
import { LegacyFilterError, translateLegacyFilter } from './legacy';
import { testOf, type FilterNode } from './node';

/** A compiled filter. It holds no state: one filter may run on any number of records. */
export interface Filter {
  readonly source: string;
  /**
   * Whether a record's fields pass.
   *
   * @throws ExprRuntimeError where the language cannot evaluate these fields.
   */
  matches(fields: Readonly<Record<string, string>>): boolean;
  /** As {@link matches}, for fields that are not held in an object. */
  test(lookup: FieldLookup): boolean;
  /** Every field it can read; undefined when it may read any. */
  readonly fields: readonly string[] | undefined;
  readonly tree: FilterNode;
  /** Holds for every record that matches (and for others). A record that cannot be evaluated does not match. */
  readonly constraint: Constraint;
}

export interface FilterOptions {
  /** `auto` (the default) also takes the old filter language where the source is no Expr; `off` does not. */
  readonly legacy?: 'auto' | 'off';
}

/**
 * Compiles a filter over the text fields of records. A missing field is the empty text.
 *
 * @throws ExprSyntaxError, ExprCompileError when the source is neither Expr nor, unless switched off, of the old language;
 * blank text is no filter either.
 * @example compileFilter('level == "error" and message contains "disk"').matches({ level: 'error', message: 'disk full' })
 */
export function compileFilter(source: string, options: FilterOptions = {}): Filter {
  try {
    return compileSource(source, source);
  } catch (error) {
    const compileError = error instanceof ExprSyntaxError || error instanceof ExprCompileError;
    if (!compileError || options.legacy === 'off') throw error;
    const translated = tryTranslate(source);
    if (translated === undefined) throw error;
    return compileSource(translated, source);
  }
}

function tryTranslate(source: string): string | undefined {
  try {
    return translateLegacyFilter(source);
  } catch (error) {
    if (error instanceof LegacyFilterError) return undefined;
    throw error;
  }
}

function compileSource(text: string, source: string): Filter {
  const built = new FilterBuilder(text).build(parse(text));
  const { node: tree, whenTrue: constraint } = built;
  const test = testOf(tree);
  return {
    source,
    matches: (fields) => test(new RecordLookup(fields)),
    test,
    fields: fieldsOf(tree),
    tree,
    constraint,
  };
}

function fieldsOf(root: FilterNode): readonly string[] | undefined {
  const fields = new Set<string>();
  const pending: FilterNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === 'leaf') {
      if (node.fields === undefined) return undefined;
      for (const field of node.fields) fields.add(field);
    } else if (node.kind === 'not') {
      pending.push(node.child);
    } else {
      pending.push(...node.children.toReversed());
    }
  }
  return [...fields];
}
