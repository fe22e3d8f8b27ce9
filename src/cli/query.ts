import type { Command } from 'commander';
import { pathSegment, type ApiClient } from './api-client';
import { CliError, UsageError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { createClient } from './client-options';
import { formatRecord, type RecordFormat } from './record-format';
import { addRecordOptions, indexingParameter, type RecordOptions } from './record-options';
import { isStoredRecord, type StoredRecord } from './stored-record';
import { parseTimePoint } from './time-point';

/** Records asked for at once: some megabytes of answer. */
const PAGE_RECORDS = 10_000;

/** Which records of which stream, and how to print them. */
export interface QueryOptions extends RecordOptions {
  readonly stream: string;
  readonly from: string;
  readonly to: string;
  readonly limit?: string;
}

export function addQueryCommand(program: Command, io: CliIo): void {
  const command = program.command('query').description('print the records of a stream, oldest first');
  addTimeOptions(addRecordOptions(command.option('--stream <name>', 'the stream', 'default')))
    .option('--limit <count>', 'only the newest so many records')
    .action((options: QueryOptions) => query(options, io));
}

/** Adds from when to when. */
export function addTimeOptions(command: Command): Command {
  return command
    .option('--from <time>', 'a duration back from now, or an RFC 3339 time', '15m')
    .option('--to <time>', 'likewise', 'now');
}

/** The time range that options ask for, as query parameters. @throws UsageError */
export function timeRange(options: { readonly from: string; readonly to: string }): { from: string; to: string } {
  const now = Date.now();
  return {
    from: new Date(parseTimePoint(options.from, now, '--from')).toISOString(),
    to: new Date(parseTimePoint(options.to, now, '--to')).toISOString(),
  };
}

/** Prints the records of a stream, oldest first. */
export async function query(options: QueryOptions, io: CliIo): Promise<void> {
  const limit = parseLimit(options.limit);
  const pages = new Pages(createClient(options, io), options.stream, {
    ...timeRange(options),
    filter: options.filter,
    indexing: indexingParameter(options.index),
  });
  if (limit === undefined) {
    for await (const page of pages.read('oldest', Infinity)) await printRecords(page, options.output, io);
  } else {
    const newest: StoredRecord[] = [];
    for await (const page of pages.read('newest', limit)) newest.push(...page);
    await printRecords(newest.reverse(), options.output, io);
  }
  if (pages.filterErrors > 0) {
    await print(io.stderr, `the filter failed on ${pages.filterErrors} records, which count as not matching\n`);
  }
}

function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || !Number.isSafeInteger(limit)) {
    throw new UsageError('--limit: expected a whole number from 1');
  }
  return limit;
}

async function printRecords(records: readonly StoredRecord[], format: RecordFormat, io: CliIo): Promise<void> {
  await print(io.stdout, records.map((record) => `${formatRecord(record, format)}\n`).join(''));
}

/** The answer to a query, page by page. */
class Pages {
  /** Records of all pages read so far on which the filter failed. */
  filterErrors = 0;
  readonly #client: ApiClient;
  readonly #path: string;
  readonly #query: Readonly<Record<string, string | undefined>>;

  constructor(client: ApiClient, stream: string, query: Readonly<Record<string, string | undefined>>) {
    this.#client = client;
    this.#path = `/streams/${pathSegment(stream)}/logs`;
    this.#query = query;
  }

  async *read(order: 'oldest' | 'newest', limit: number): AsyncGenerator<StoredRecord[], void> {
    let remaining = limit;
    let cursor: string | undefined;
    do {
      const pageLimit = String(Math.min(PAGE_RECORDS, remaining));
      const answer = await this.#client.request(this.#path, {
        query: { ...this.#query, order, limit: pageLimit, cursor },
      });
      const records = answer['records'];
      if (!Array.isArray(records) || !records.every(isStoredRecord)) {
        throw new CliError('the server answered with something that is not a list of records');
      }
      if (typeof answer['filter_errors'] === 'number') this.filterErrors += answer['filter_errors'];
      yield records.slice(0, remaining);
      remaining -= records.length;
      cursor = typeof answer['cursor'] === 'string' && records.length > 0 ? answer['cursor'] : undefined;
    } while (cursor !== undefined && remaining > 0);
  }
}
