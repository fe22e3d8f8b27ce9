import { once } from 'node:events';
import type { Response } from 'express';
import type { LogQuery, LogQueryResult, LogStore } from '../../storage/log-store';
import type { Call } from '../call';
import { clientSignal } from './client-signal';
import { queryOf, type QueryParameters } from './stream-query';

/**
 * Records that are asked of the store at once. An answer of any length is sent page by page, so that it needs the memory of one
 * or two pages: some MB.
 */
export const PAGE_RECORDS = 10_000;

const HEAD = '{"success":true,"records":[';

/**
 * Answers a query. The records' JSON goes from the store to the client as it is.
 *
 * A failure after the first page breaks the connection off: an answer that is complete ends with `}`.
 */
export async function queryLogs(call: Call, store: LogStore): Promise<void> {
  const { response } = call;
  const query = queryOf(call.param('stream'), call.query<QueryParameters>());
  const signal = clientSignal(response);

  const writer = new PageWriter(response);
  let remaining = query.limit ?? Infinity;
  let page: LogQuery = { ...query, limit: Math.min(PAGE_RECORDS, remaining) };
  for (;;) {
    const result = await store.query(page, signal);
    remaining -= result.ids.length;
    const { cursor } = result;
    if (cursor === undefined || remaining <= 0) {
      writer.end(result);
      return;
    }
    await writer.write(result, signal);
    page = { ...query, cursor, limit: Math.min(PAGE_RECORDS, remaining) };
  }
}

class PageWriter {
  readonly #response: Response;
  #hasRecords = false;
  #begun = false;
  #filterErrors = 0;
  #firstFilterError: string | undefined;

  constructor(response: Response) {
    this.#response = response;
    response.type('application/json');
  }

  /** Writes a page that is not the last; resolves when there is room for the next. */
  async write(result: LogQueryResult, signal: AbortSignal): Promise<void> {
    this.#count(result);
    const head = this.#head(result);
    if (head !== '') this.#response.write(head);
    if (!this.#response.write(elementsOf(result.json))) await once(this.#response, 'drain', { signal });
    this.#begun = true;
  }

  /** Writes the last page and the rest. */
  end(result: LogQueryResult): void {
    this.#count(result);
    const head = Buffer.from(this.#head(result));
    const elements = elementsOf(result.json);
    const tail = Buffer.from(this.#tail(result.cursor));
    if (!this.#begun) this.#response.setHeader('Content-Length', head.length + elements.length + tail.length);
    this.#response.write(head);
    if (elements.length > 0) this.#response.write(elements);
    this.#response.end(tail);
  }

  #count({ filterErrors, firstFilterError }: LogQueryResult): void {
    this.#filterErrors += filterErrors;
    this.#firstFilterError ??= firstFilterError;
  }

  #head({ ids }: LogQueryResult): string {
    const isLater = this.#hasRecords;
    if (ids.length > 0) this.#hasRecords = true;
    if (!this.#begun) return HEAD;
    return isLater && ids.length > 0 ? ',' : '';
  }

  #tail(cursor: string | undefined): string {
    const failures =
      this.#filterErrors === 0 ? {} : { filter_errors: this.#filterErrors, first_filter_error: this.#firstFilterError };
    const rest = JSON.stringify({ cursor, ...failures });
    return rest === '{}' ? ']}' : `],${rest.slice(1)}`;
  }
}

/** What is between the brackets of a JSON array. */
function elementsOf(json: Uint8Array): Uint8Array {
  const start = json.indexOf(0x5b) + 1;
  const end = json.lastIndexOf(0x5d);
  if (start === 0 || end < start) throw new Error('the store answered with something that is no JSON array');
  return json.subarray(start, end);
}
