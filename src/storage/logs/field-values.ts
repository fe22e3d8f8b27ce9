import type { Knex } from 'knex';
import type { FieldValues, FieldValuesQuery } from '../log-store';
import type { StreamRow } from './rows';
import { Selection, type ReadLimits } from './selection';
import { scanUnits } from './unit-scan';
import { ValueCounter } from './value-counter';

/** A {@link FieldValuesQuery} in another thread. */
export interface FieldValuesRequest extends ReadLimits {
  readonly query: FieldValuesQuery;
}

/** Counts the values of a field over the chosen records of a stream. */
export async function countFieldValues(
  database: Knex,
  stream: StreamRow | undefined,
  request: FieldValuesRequest,
  warn: (message: string) => void,
): Promise<FieldValues> {
  const { query } = request;
  const selection = new Selection(database, query, request, warn);
  const counter = new ValueCounter();
  const names = [query.field];
  if (stream !== undefined) {
    await scanUnits(database, stream, query, selection, {
      rows: async (unit, chosen) => counter.add((await unit.columns(names)).get(query.field), chosen),
    });
  }
  return {
    values: counter.top(query.limit),
    present: counter.present,
    missing: counter.missing,
    distinct: counter.distinct,
    approximate: counter.approximate,
    filterErrors: selection.filterErrors,
    firstFilterError: selection.firstFilterError,
  };
}
