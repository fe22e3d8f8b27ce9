import { Option, type Command } from 'commander';
import { pathSegment, type ApiClient } from './api-client';
import { CliError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addClientOptions, createClient, type ClientOptions } from './client-options';
import { formatRecord, RECORD_FORMATS, type RecordFormat } from './record-format';
import { isStoredRecord, type StoredRecord } from './stored-record';
import { parseTimePoint } from './time-point';

/** Records asked for at once: some megabytes of answer. */
const PAGE_RECORDS = 10_000;

interface QueryOptions extends ClientOptions {
  readonly stream: string;
  readonly filter?: string;
  readonly from: string;
  readonly to: string;
  readonly limit?: string;
  readonly format: RecordFormat;
}

export function addQueryCommand(program: Command, io: CliIo): void {
  const command = program.command('query').description('print the records of a stream, oldest first');
  addClientOptions(command)
    .option('--stream <name>', 'the stream', 'default')
    .option('--filter <expression>', 'only records for which this is true, such as: level == "error"')
    .option('--from <time>', 'a duration back from now, or an RFC 3339 time', '15m')
    .option('--to <time>', 'likewise', 'now')
    .option('--limit <count>', 'only the newest so many records')
    .addOption(new Option('--format <format>', 'form of a record').choices(RECORD_FORMATS).default('logfmt'))
    .action((options: QueryOptions) => query(options, io));
}

async function query(options: QueryOptions, io: CliIo): Promise<void> {
  const now = Date.now();
  const limit = parseLimit(options.limit);
  const pages = new Pages(createClient(options, io), options.stream, {
    from: new Date(parseTimePoint(options.from, now, '--from')).toISOString(),
    to: new Date(parseTimePoint(options.to, now, '--to')).toISOString(),
    filter: options.filter,
  });
  if (limit === undefined) {
    for await (const page of pages.read('oldest', Infinity)) await printRecords(page, options.format, io);
  } else {
    const newest: StoredRecord[] = [];
    for await (const page of pages.read('newest', limit)) newest.push(...page);
    await printRecords(newest.reverse(), options.format, io);
  }
  if (pages.filterErrors > 0) {
    await print(io.stderr, `the filter failed on ${pages.filterErrors} records, which count as not matching\n`);
  }
}

function parseLimit(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || !Number.isSafeInteger(limit)) {
    throw new CliError('--limit: expected a whole number from 1');
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
