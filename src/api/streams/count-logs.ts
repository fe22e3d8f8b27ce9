import type { LogStore } from '../../storage/log-store';
import type { Call } from '../call';
import { validationError } from '../errors/api-error';
import { bucketWidth } from './bucket-width';
import { clientSignal } from './client-signal';
import { rangeOf, type RangeParameters } from './stream-query';

/** More than a screen has columns, and about 200 KB of answer without values. */
const MAX_BUCKETS = 2_000;

/** RFC 3339 has no years before 0, where the first bucket of a range from the beginning of time may begin. */
const EARLIEST_MS = Date.parse('0000-01-01T00:00:00Z');

interface HistogramParameters extends RangeParameters {
  readonly buckets: number;
  readonly interval?: number;
  readonly field?: string;
  readonly limit: number;
}

interface ValuesParameters extends RangeParameters {
  readonly limit: number;
}

/** Counts the records of a stream by time. @throws ApiError 400 when there would be too many buckets */
export async function countOverTime(call: Call, store: LogStore): Promise<object> {
  const parameters = call.query<HistogramParameters>();
  const { field, limit } = parameters;
  const range = rangeOf(call.param('stream'), parameters);
  const interval = parameters.interval ?? bucketWidth(range.to - range.from, parameters.buckets);
  const buckets = Math.floor(range.to / interval) - Math.floor(range.from / interval) + 1;
  if (buckets > MAX_BUCKETS) {
    throw validationError({ 'query:interval': [`makes ${buckets} buckets, at most ${MAX_BUCKETS} are allowed`] });
  }
  const { starts, counts, groups, ...rest } = await store.histogram(
    { ...range, interval, field, limit },
    clientSignal(call.response),
  );
  return {
    interval,
    total: counts.reduce((sum, count) => sum + count, 0),
    values: groups?.map(({ value }) => value),
    buckets: starts.map((start, i) => ({
      timestamp: new Date(Math.max(start, EARLIEST_MS)).toISOString(),
      count: counts[i],
      values: groups && Object.fromEntries(groups.map(({ value, counts: own }) => [value, own[i]])),
    })),
    ...filterFailures(rest),
  };
}

/** Counts the values of a field of a stream. */
export async function countFieldValues(call: Call, store: LogStore): Promise<object> {
  const parameters = call.query<ValuesParameters>();
  const range = rangeOf(call.param('stream'), parameters);
  const { values, present, missing, distinct, approximate, ...rest } = await store.fieldValues(
    { ...range, field: call.param('field'), limit: parameters.limit },
    clientSignal(call.response),
  );
  return { values, present, missing, distinct, approximate, ...filterFailures(rest) };
}

/** What an answer says of records on which the filter failed: nothing when there are none. */
function filterFailures(result: { readonly filterErrors: number; readonly firstFilterError?: string }): object {
  if (result.filterErrors === 0) return {};
  return { filter_errors: result.filterErrors, first_filter_error: result.firstFilterError };
}
