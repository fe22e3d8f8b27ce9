import type { FieldLookup, FilterNode } from '../../expr';
import type { Column, DictionaryColumn, PlainColumn } from './column';

/** Outcome of a filter for one row. */
export const NO_MATCH = 0;
export const MATCH = 1;
/** The filter raised an error; the record counts as not matching. */
export const FAILED = 2;
const UNKNOWN = 255;

/** The columns that a filter reads, by field. */
export type Columns = ReadonlyMap<string, Column>;

type Leaf = Extract<FilterNode, { kind: 'leaf' }>;

/** Rows between two looks at the clock: a filter may take a millisecond for one. */
const TESTS_PER_CHECKPOINT = 64;

/** Evaluates a filter over the rows of a journal batch or segment, column by column. */
export class RowFilter {
  readonly #tree: FilterNode;
  readonly #checkpoint: () => void;
  #tests = 0;
  /** Text of the first error that the filter raised. */
  firstError: string | undefined;

  /** @param checkpoint called again and again while rows are looked at; what it throws ends that */
  constructor(tree: FilterNode, checkpoint: () => void) {
    this.#tree = tree;
    this.#checkpoint = checkpoint;
  }

  /**
   * The outcome for each row that `candidates` marks with 1; other rows get `NO_MATCH`.
   * Operands of `and` and `or` are only evaluated where the language evaluates them.
   */
  evaluate(columns: Columns, candidates: Uint8Array): Uint8Array {
    return this.#node(this.#tree, columns, candidates);
  }

  #node(node: FilterNode, columns: Columns, candidates: Uint8Array): Uint8Array {
    switch (node.kind) {
      case 'and':
      case 'or':
        return this.#chain(node.children, node.kind === 'and' ? MATCH : NO_MATCH, columns, candidates);
      case 'not': {
        const outcome = this.#node(node.child, columns, candidates);
        for (let row = 0; row < outcome.length; row++) {
          if (candidates[row] === 1 && outcome[row] !== FAILED)
            outcome[row] = outcome[row] === MATCH ? NO_MATCH : MATCH;
        }
        return outcome;
      }
      case 'leaf':
        return this.#leaf(node, columns, candidates);
    }
  }

  /** Operands in turn, each for the rows where all before it had the outcome that lets the chain go on. */
  #chain(nodes: readonly FilterNode[], goesOn: number, columns: Columns, candidates: Uint8Array): Uint8Array {
    let rest = candidates;
    let outcome: Uint8Array = new Uint8Array(candidates.length);
    nodes.forEach((node, position) => {
      const part = this.#node(node, columns, rest);
      if (position === 0) {
        outcome = part;
      } else {
        for (let row = 0; row < part.length; row++) if (rest[row] === 1) outcome[row] = part[row] as number;
      }
      if (position === nodes.length - 1) return;
      const next = new Uint8Array(part.length);
      for (let row = 0; row < part.length; row++) {
        if (rest[row] === 1 && part[row] === goesOn) next[row] = 1;
      }
      rest = next;
    });
    return outcome;
  }

  #leaf(leaf: Leaf, columns: Columns, candidates: Uint8Array): Uint8Array {
    const outcome = new Uint8Array(candidates.length);
    const [field] = leaf.fields ?? [];
    if (leaf.fields?.length === 0) {
      fill(outcome, candidates, this.#test(leaf, new SingleLookup('', undefined)));
    } else if (leaf.fields?.length === 1 && field !== undefined) {
      this.#singleField(leaf, field, columns.get(field), candidates, outcome);
    } else {
      const lookup = new RowLookup(columns);
      for (let row = 0; row < outcome.length; row++) {
        if (candidates[row] !== 1) continue;
        lookup.row = row;
        outcome[row] = this.#test(leaf, lookup);
      }
    }
    return outcome;
  }

  #singleField(
    leaf: Leaf,
    field: string,
    column: Column | undefined,
    candidates: Uint8Array,
    outcome: Uint8Array,
  ): void {
    if (column === undefined) {
      fill(outcome, candidates, this.#test(leaf, new SingleLookup(field, undefined)));
    } else if (column.kind === 'constant') {
      fill(outcome, candidates, this.#test(leaf, new SingleLookup(field, column.constant)));
    } else if (column.kind === 'dictionary') {
      this.#dictionary(leaf, field, column, candidates, outcome);
    } else {
      this.#plain(leaf, field, column, candidates, outcome);
    }
  }

  #dictionary(leaf: Leaf, field: string, column: DictionaryColumn, candidates: Uint8Array, outcome: Uint8Array): void {
    const byCode = new Uint8Array(column.dictionary.length + 1).fill(UNKNOWN);
    const codes = column.codes;
    for (let row = 0; row < codes.length; row++) {
      if (candidates[row] !== 1) continue;
      const code = codes[row] as number;
      let result = byCode[code] as number;
      if (result === UNKNOWN) {
        const value = code === 0 ? undefined : column.dictionary[code - 1];
        result = this.#test(leaf, new SingleLookup(field, value));
        byCode[code] = result;
      }
      outcome[row] = result;
    }
  }

  #plain(leaf: Leaf, field: string, column: PlainColumn, candidates: Uint8Array, outcome: Uint8Array): void {
    const simple = leaf.simple;
    const [value] = simple?.values ?? [];
    if (simple !== undefined && simple.values.length === 1 && value !== undefined && value !== '') {
      if (simple.operator === 'contains') return markContaining(column, value, candidates, outcome);
      return markAt(column, value, simple.operator, candidates, outcome);
    }
    const lookup = new SingleLookup(field, undefined);
    for (let row = 0; row < outcome.length; row++) {
      if (candidates[row] !== 1) continue;
      lookup.value = column.value(row);
      outcome[row] = this.#test(leaf, lookup);
    }
  }

  #test(leaf: Leaf, lookup: FieldLookup): number {
    if (++this.#tests % TESTS_PER_CHECKPOINT === 0) this.#checkpoint();
    try {
      return leaf.test(lookup) ? MATCH : NO_MATCH;
    } catch (error) {
      this.firstError ??= error instanceof Error ? error.message : String(error);
      return FAILED;
    }
  }
}

/** One search through the text of all rows: the engine's search is far faster than a call per row. */
function markContaining(column: PlainColumn, value: string, candidates: Uint8Array, outcome: Uint8Array): void {
  const { text, offsets } = column;
  const rows = column.length;
  let row = 0;
  let hit = text.indexOf(value);
  while (hit !== -1) {
    row = rowAt(offsets, hit, row, rows);
    const end = offsets[row + 1] as number;
    if (hit + value.length <= end) {
      if (candidates[row] === 1) outcome[row] = MATCH;
      hit = text.indexOf(value, end);
    } else {
      // The hit reaches into the next value.
      hit = text.indexOf(value, hit + 1);
    }
  }
}

/** The row whose value covers a position; rows before `from` are known to end earlier. */
function rowAt(offsets: Uint32Array, position: number, from: number, rows: number): number {
  let low = from;
  let high = rows - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle + 1] as number) > position) high = middle;
    else low = middle + 1;
  }
  return low;
}

function markAt(
  column: PlainColumn,
  value: string,
  operator: 'equals' | 'startsWith' | 'endsWith',
  candidates: Uint8Array,
  outcome: Uint8Array,
): void {
  const { text, offsets, sizes } = column;
  for (let row = 0; row < outcome.length; row++) {
    const length = (sizes[row] as number) - 1;
    if (candidates[row] !== 1 || length < value.length) continue;
    if (operator === 'equals' && length !== value.length) continue;
    const start = operator === 'endsWith' ? (offsets[row + 1] as number) - value.length : (offsets[row] as number);
    if (text.startsWith(value, start)) outcome[row] = MATCH;
  }
}

function fill(outcome: Uint8Array, candidates: Uint8Array, result: number): void {
  for (let row = 0; row < outcome.length; row++) if (candidates[row] === 1) outcome[row] = result;
}

/** A record of which only one field is of interest. */
class SingleLookup implements FieldLookup {
  constructor(
    readonly field: string,
    public value: string | undefined,
  ) {}

  get(name: string): string | undefined {
    return name === this.field ? this.value : undefined;
  }

  names(): Iterable<string> {
    return this.value === undefined ? [] : [this.field];
  }
}

/** One row of several columns. */
class RowLookup implements FieldLookup {
  row = 0;

  constructor(readonly columns: Columns) {}

  get(name: string): string | undefined {
    return this.columns.get(name)?.value(this.row);
  }

  *names(): Iterable<string> {
    for (const [name, column] of this.columns) if (column.value(this.row) !== undefined) yield name;
  }
}
