import type { LogQuery, RecordSelection } from '../../storage/log-store';
import { validationError } from '../errors/api-error';
import { formatPath } from '../errors/validation-context';
import { parseRfc3339 } from '../time/rfc3339';

/** The query parameters that choose records, as the validator leaves them. */
export interface SelectionParameters {
  readonly filter?: string;
  readonly indexing?: string;
}

/** The query parameters that choose records of a time range. */
export interface RangeParameters extends SelectionParameters {
  readonly from: string;
  readonly to: string;
}

/** The query parameters of `GET …/logs`, as the validator leaves them. */
export interface QueryParameters extends RangeParameters {
  readonly limit?: number;
  readonly cursor?: string;
  readonly order: 'newest' | 'oldest';
  readonly fields?: readonly string[];
}

/**
 * What to select, with everything that means "all" left out.
 * @throws ApiError 400
 */
export function selectionOf({ filter, indexing }: SelectionParameters): Pick<LogQuery, 'filter' | 'indexing'> {
  return {
    filter: filter === undefined || filter.trim() === '' ? undefined : filter,
    indexing: indexing === undefined ? undefined : parseIndexing(indexing),
  };
}

function parseIndexing(text: string): LogQuery['indexing'] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalidIndexing(`is not JSON: ${(error as Error).message}`);
  }
  // What clients send that have nothing to select.
  if (value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw invalidIndexing('must be object');
  const entries = Object.entries(value) as [string, unknown][];
  for (const [field, values] of entries) {
    const path = formatPath([field]);
    if (!Array.isArray(values)) throw invalidIndexing(`${path} must be array`);
    const wrong = values.findIndex((entry) => typeof entry !== 'string');
    if (wrong >= 0) throw invalidIndexing(`${path}[${wrong}] must be string`);
  }
  if (entries.length === 0) return undefined;
  // Any name is safe as a key of an object without prototype.
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries)) as Record<string, readonly string[]>;
}

function invalidIndexing(message: string): Error {
  return validationError({ 'query:indexing': [message] });
}

/** The records of a stream that the parameters choose. @throws ApiError 400 */
export function rangeOf(stream: string, parameters: RangeParameters): RecordSelection {
  return { stream, from: timeOf(parameters.from), to: timeOf(parameters.to), ...selectionOf(parameters) };
}

/** The parameters as a query to the log store. @throws ApiError 400 */
export function queryOf(stream: string, parameters: QueryParameters): LogQuery {
  return {
    ...rangeOf(stream, parameters),
    limit: parameters.limit,
    cursor: parameters.cursor,
    order: parameters.order,
    fields: parameters.fields && namesOf(parameters.fields),
  };
}

/** Names, some of which may be joined by commas; one with a comma in it is meant as well. */
function namesOf(fields: readonly string[]): string[] {
  return [...new Set(fields.flatMap((text) => [text, ...text.split(',')]))];
}

function timeOf(text: string): number {
  const time = parseRfc3339(text);
  if (time === undefined) throw new Error(`"${text}" passed validation and is no date-time`);
  return time;
}
