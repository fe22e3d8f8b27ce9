import { once } from 'node:events';
import type { LogStore } from '../../storage/log-store';
import type { Call } from '../call';
import { clientSignal } from './client-signal';
import { PAGE_RECORDS } from './query-logs';
import { queryOf, type QueryParameters } from './stream-query';

const LINES_TYPE = 'application/x-ndjson';

/** Whether a client prefers a record a line to one JSON object. */
export function wantsLines(call: Call): boolean {
  return call.request.accepts(['application/json', LINES_TYPE]) === LINES_TYPE;
}

/**
 * Answers a query with a record a line, page by page. What a JSON answer tells beside the records comes as trailers
 * (RFC 9110, section 6.5). A failure after the first page breaks the connection off.
 */
export async function exportLogs(call: Call, store: LogStore): Promise<void> {
  const { response } = call;
  const query = queryOf(call.param('stream'), call.query<QueryParameters>());
  const signal = clientSignal(response);
  let remaining = query.limit ?? Infinity;
  let cursor = query.cursor;
  let filterErrors = 0;
  let firstFilterError: string | undefined;
  for (;;) {
    const limit = Math.min(PAGE_RECORDS, remaining);
    const page = await store.query({ ...query, format: 'lines', cursor, limit }, signal);
    if (!response.headersSent) {
      response.type(LINES_TYPE);
      response.setHeader('Trailer', 'X-Cursor, X-Filter-Errors, X-First-Filter-Error');
    }
    filterErrors += page.filterErrors;
    firstFilterError ??= page.firstFilterError;
    remaining -= page.ids.length;
    cursor = page.cursor;
    const hasRoom = response.write(page.json);
    if (cursor === undefined || remaining <= 0) break;
    if (!hasRoom) await once(response, 'drain', { signal });
  }
  response.addTrailers({
    ...(cursor === undefined ? {} : { 'X-Cursor': encodeURI(cursor) }),
    ...(filterErrors === 0 ? {} : { 'X-Filter-Errors': String(filterErrors) }),
    ...(firstFilterError === undefined ? {} : { 'X-First-Filter-Error': encodeURIComponent(firstFilterError) }),
  });
  response.end();
}
