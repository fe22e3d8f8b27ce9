import type { LogQuery, LogQueryResult } from '../log-store';
import { formatRecordId } from './record-id';
import type { QuerySlice } from './query-run';

/** An answer whose limit is not reached stops here all the same, and gives a cursor. */
const MAX_RESULT_BYTES = 64 * 1024 * 1024;

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

/**
 * Answers a query slice by slice, so that others get their turn in between.
 *
 * @param read answers a part of the query; the rest of it when that part says where to go on
 */
export async function readInSlices(
  query: LogQuery,
  read: (part: LogQuery, isResumed: boolean) => Promise<QuerySlice>,
): Promise<LogQueryResult> {
  const slices: QuerySlice[] = [];
  let part = query;
  let found = 0;
  let bytes = 0;
  for (;;) {
    const { resume, ...slice } = await read(part, slices.length > 0);
    if (slices.length === 0 && resume === undefined) return slice;
    slices.push(slice);
    found += slice.ids.length;
    bytes += slice.json.length;
    if (resume === undefined) return joined(query, slices, slice.cursor);
    const remaining = query.limit === undefined ? undefined : query.limit - found;
    const last = slices.findLast(({ ids }) => ids.length > 0)?.ids.at(-1);
    if (last !== undefined && bytes >= MAX_RESULT_BYTES) {
      return joined(query, slices, formatRecordId(query.stream, last));
    }
    part = { ...query, cursor: resume, limit: remaining };
  }
}

function joined(query: LogQuery, slices: readonly QuerySlice[], cursor: string | undefined): LogQueryResult {
  const texts = slices.filter(({ ids }) => ids.length > 0).map(({ json }) => json);
  return {
    json: query.format === 'lines' ? Buffer.concat(texts) : joinedArrays(texts),
    ids: slices.flatMap(({ ids }) => ids),
    cursor,
    filterErrors: slices.reduce((sum, { filterErrors }) => sum + filterErrors, 0),
    firstFilterError: slices.find(({ firstFilterError }) => firstFilterError !== undefined)?.firstFilterError,
  };
}

function joinedArrays(arrays: readonly Uint8Array[]): Uint8Array {
  const elements = arrays.flatMap((json, i) => {
    const inside = json.subarray(json.indexOf(OPEN[0] as number) + 1, json.lastIndexOf(CLOSE[0] as number));
    return i === 0 ? [inside] : [COMMA, inside];
  });
  return Buffer.concat([OPEN, ...elements, CLOSE]);
}
