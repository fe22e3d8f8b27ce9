import { errorText } from '../errors';
import type { NodeKind } from '../node-kind';
import { RowLookup } from '../row-lookup';
import { selectRows } from '../select-rows';

/** Lets those records through for which the filter `data.condition` is true. */
export const switchNode: NodeKind = {
  type: 'switch',
  terminal: false,
  check(data, scope, report) {
    if (!data.condition?.trim()) {
      report('condition', 'must be a filter, for example level == "error"');
      return;
    }
    try {
      scope.compileFilter(data.condition);
    } catch (error) {
      report('condition', `does not compile${position(error)}: ${errorText(error)}`);
    }
  },
  compile(data, scope) {
    const filter = scope.compileFilter(data.condition ?? '');
    const lookup = new RowLookup();
    return (batch, effects, node) => {
      const length = batch.length;
      /** The rows let through; made when the first one is not, so that a batch that passes whole is not copied. */
      let rows: number[] | undefined;
      let failed = 0;
      lookup.use(batch);
      for (let row = 0; row < length; row++) {
        lookup.row = row;
        let passes = false;
        try {
          passes = filter.test(lookup);
        } catch (error) {
          failed++;
          effects.fail(node, batch, row, error);
        }
        if (passes) rows?.push(row);
        else if (rows === undefined) rows = firstRows(row);
      }
      lookup.use(undefined);
      if (rows === undefined) return batch;
      const filtered = length - rows.length - failed;
      if (filtered > 0) effects.drop(node, 'filtered', filtered);
      return rows.length === 0 ? undefined : selectRows(batch, rows);
    };
  },
};

function firstRows(count: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) rows.push(row);
  return rows;
}

function position(error: unknown): string {
  const offset = (error as { offset?: unknown } | undefined)?.offset;
  return typeof offset === 'number' ? ` at offset ${offset}` : '';
}
