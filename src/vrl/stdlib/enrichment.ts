import { fail } from '../failure';
import { spend } from '../limits';
import { arrayOf, OBJECT } from '../types/kind';
import { textOf } from '../value/bytes';
import { compareTimestamps, valuesEqual } from '../value/compare';
import { isObject, kindBitOf } from '../value/kind-of';
import {
  emptyObject,
  KindBit,
  VrlTimestamp,
  type VrlArray,
  type VrlObject,
  type VrlString,
  type VrlValue,
} from '../value/value';
import { wrongKind } from './bind';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { array, boolean, object, optional, text, withDefault } from './parameters';

/** A host's tables: rows by table name, or undefined for a table that it does not have. */
export type EnrichmentTables = (table: string) => readonly VrlObject[] | undefined;

/** How a row must look. */
interface Search {
  readonly condition: VrlObject;
  readonly caseSensitive: boolean;
  /** A value in the row that stands for any. */
  readonly wildcard: string | undefined;
}

/** Looks a table up when the program is compiled: its name must be a constant, and the host must know it. */
function requireTable(call: CallSite, tables: EnrichmentTables): string {
  const table = call.constant('table');
  if (typeof table !== 'string') throw call.reject(402, 'expected a literal table name');
  if (tables(table) === undefined) throw call.invalid('table', `enrichment table "${table}" does not exist`);
  return table;
}

function matchingRows(rows: readonly VrlObject[], search: Search): VrlObject[] {
  spend(rows.length);
  const fields = Object.keys(search.condition);
  return rows.filter((row) => fields.every((field) => fieldMatches(row[field] ?? null, search, field)));
}

function fieldMatches(value: VrlValue, search: Search, field: string): boolean {
  const wanted = search.condition[field] as VrlValue;
  if (isObject(wanted) && (wanted['from'] ?? wanted['to']) instanceof VrlTimestamp) return isBetween(value, wanted);
  if (isString(value) && isString(wanted)) {
    const there = textOf(value);
    if (there === search.wildcard) return true;
    return search.caseSensitive ? there === textOf(wanted) : there.toLowerCase() === textOf(wanted).toLowerCase();
  }
  return valuesEqual(value, wanted);
}

/** Is the value a time within the bounds, both included, of which one may be missing? */
function isBetween(value: VrlValue, range: VrlObject): boolean {
  const { from, to } = range;
  if (!(value instanceof VrlTimestamp)) return false;
  if (from instanceof VrlTimestamp && compareTimestamps(value, from) < 0) return false;
  return !(to instanceof VrlTimestamp && compareTimestamps(value, to) > 0);
}

/** The row with only the selected columns; all when nothing is selected. */
function selected(row: VrlObject, columns: VrlArray | undefined): VrlObject {
  if (columns === undefined) return row;
  const result = emptyObject();
  for (const column of columns) {
    if (!isString(column)) throw wrongKind(KindBit.string, column);
    const name = textOf(column);
    const value = row[name];
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function isString(value: VrlValue): value is VrlString {
  return kindBitOf(value) === KindBit.string;
}

const PARAMS = [
  text('table'),
  object('condition'),
  optional(array('select')),
  withDefault(boolean('case_sensitive'), true),
  optional(text('wildcard')),
] as const;

/**
 * The functions that look rows up in tables of the host. Without a host no table exists, which is found when a program
 * is compiled.
 */
export function enrichmentFunctions(tables: EnrichmentTables = () => undefined): readonly FunctionDefinition[] {
  const search = (call: CallSite) => {
    const table = requireTable(call, tables);
    return (
      condition: VrlObject,
      columns: VrlArray | undefined,
      caseSensitive: boolean,
      wildcard: string | undefined,
    ) => {
      const rows = tables(table);
      if (rows === undefined) throw fail(`enrichment table "${table}" does not exist`);
      return matchingRows(rows, { condition, caseSensitive, wildcard }).map((row) => selected(row, columns));
    };
  };
  return [
    define({
      name: 'get_enrichment_table_record',
      params: PARAMS,
      returns: OBJECT,
      fallible: true,
      prepare: (call) => {
        const find = search(call);
        return (_table, condition, columns, caseSensitive, wildcard) => {
          const [row, another] = find(condition, columns, caseSensitive, wildcard);
          if (row === undefined) throw fail('no rows found');
          if (another !== undefined) throw fail('more than one row found');
          return row;
        };
      },
    }),
    define({
      name: 'find_enrichment_table_records',
      params: PARAMS,
      returns: arrayOf(OBJECT),
      fallible: true,
      prepare: (call) => {
        const find = search(call);
        return (_table, condition, columns, caseSensitive, wildcard) =>
          find(condition, columns, caseSensitive, wildcard);
      },
    }),
  ];
}

export const functions: readonly FunctionDefinition[] = enrichmentFunctions();
