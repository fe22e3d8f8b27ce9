import type { Command } from 'commander';
import { pathSegment, type ApiClient } from '../api-client';
import { CliError, UsageError } from '../cli-error';
import type { CliIo } from '../cli-io';
import { addClientOptions, createClient, type ClientOptions } from '../client-options';
import { addNameOption, type NameOptions } from '../named';
import { addOutputOption, printRows, type OutputOptions } from '../output/print-rows';
import { addTimeOptions, query, type QueryOptions } from '../query';
import { addRecordOptions, type RecordOptions } from '../record-options';
import { tail } from '../tail';
import { parseTimePoint } from '../time-point';
import { addStreamExportCommand } from './stream-export';
import { addStreamImportCommand } from './stream-import';

/** Where records go when nothing else is said. */
const DEFAULT_STREAM = 'default';

interface StreamConfig {
  readonly ttl: number;
  readonly size: number;
  readonly indexed_fields: readonly string[];
}

interface SetOptions extends NameOptions {
  readonly ttl?: number;
  readonly maxSize?: number;
}

interface IndexOptions extends NameOptions {
  readonly field: string;
  readonly rm?: boolean;
}

type NamedRecordOptions = RecordOptions & NameOptions;

export function addStreamCommand(program: Command, io: CliIo): void {
  const stream = program.command('stream').description('streams: retention, indexed fields, records');
  addOutputOption(addClientOptions(stream.command('ls').description('list all streams'))).action(
    (options: ClientOptions & OutputOptions) => listStreams(options, io),
  );
  addNameOption(stream.command('set').description('change the retention of a stream'), 'stream', DEFAULT_STREAM)
    .option('--ttl <seconds>', 'drop records older than this; 0 keeps them', wholeNumber('--ttl'))
    .option('--max-size <MB>', 'drop the oldest records above so many MB; 0 keeps them', wholeNumber('--max-size'))
    .action((options: SetOptions) => setRetention(options, io));
  addNameOption(stream.command('index').description('index a field of a stream'), 'stream', DEFAULT_STREAM)
    .requiredOption('--field <name>', 'the field')
    .option('--rm', 'no longer index it')
    .action((options: IndexOptions) => setIndex(options, io));
  addNameOption(
    addOutputOption(stream.command('fields').description('list the fields of the records of a stream')),
    'stream',
    DEFAULT_STREAM,
  ).action((options: NameOptions & OutputOptions) => listFields(options, io));
  addRecordCommands(stream, io);
  addStreamExportCommand(stream, io);
  addStreamImportCommand(stream, io);
  addNameOption(
    stream.command('purge').description('delete a stream with its records and settings'),
    'stream',
    DEFAULT_STREAM,
  ).action((options: NameOptions) => purge(options, io));
}

function addRecordCommands(stream: Command, io: CliIo): void {
  const nameOption = ['--name <name>', 'name of the stream', DEFAULT_STREAM] as const;
  addRecordOptions(
    stream
      .command('tail')
      .description('print the last records of a stream, oldest first')
      .option(...nameOption)
      .option('--period <duration>', 'how far back, such as 90s, 15m, 2h or 7d', '15m'),
  ).action((options: NamedRecordOptions & { period: string }) => {
    parseTimePoint(options.period, Date.now(), '--period');
    return query({ ...options, stream: options.name, from: options.period, to: 'now' }, io);
  });
  addTimeOptions(
    addRecordOptions(
      stream
        .command('history')
        .description('print the records of a stream between two times, oldest first')
        .option(...nameOption),
    ),
  ).action((options: QueryOptions & NameOptions) => query({ ...options, stream: options.name }, io));
  addRecordOptions(
    stream
      .command('watch')
      .description('print the records of a stream as they arrive')
      .option(...nameOption),
  ).action((options: NamedRecordOptions) => tail({ ...options, stream: options.name }, io));
}

async function listStreams(options: ClientOptions & OutputOptions, io: CliIo): Promise<void> {
  const { streams } = await createClient(options, io).request('/streams?internal=true');
  if (typeof streams !== 'object' || streams === null) throw new CliError('the server answered without streams');
  const rows = Object.entries(streams).map(([name, config]) => ({ name, ...(config as StreamConfig) }));
  await printRows(rows, ['name', 'ttl', 'size', 'indexed_fields'], options.output, io);
}

async function setRetention(options: SetOptions, io: CliIo): Promise<void> {
  const { ttl, maxSize: size } = options;
  if (ttl === undefined && size === undefined) throw new UsageError('nothing to change: give --ttl or --max-size');
  await changeStream(createClient(options, io), options.name, (config) => ({
    ...config,
    ttl: ttl ?? config.ttl,
    size: size ?? config.size,
  }));
}

async function setIndex({ field, rm, ...options }: IndexOptions, io: CliIo): Promise<void> {
  await changeStream(createClient(options, io), options.name, (config) => {
    const others = config.indexed_fields.filter((name) => name !== field);
    return { ...config, indexed_fields: rm === true ? others : [...others, field].sort() };
  });
}

/** Reads, changes and writes; a change that somebody else made in between is not undone but refused (412). */
async function changeStream(
  client: ApiClient,
  name: string,
  change: (config: StreamConfig) => StreamConfig,
): Promise<void> {
  const path = `/streams/${pathSegment(name)}`;
  const { body, tag } = await client.exchange(path);
  const config = body['config'];
  if (!isStreamConfig(config)) throw new CliError('the server answered without the settings of the stream');
  await client.request(path, {
    method: 'PUT',
    body: { config: change(config) },
    headers: tag === undefined ? {} : { 'If-Match': tag },
  });
}

function isStreamConfig(value: unknown): value is StreamConfig {
  if (typeof value !== 'object' || value === null) return false;
  const { ttl, size, indexed_fields: fields } = value as Partial<StreamConfig>;
  return typeof ttl === 'number' && typeof size === 'number' && Array.isArray(fields);
}

async function listFields(options: NameOptions & OutputOptions, io: CliIo): Promise<void> {
  const { fields } = await createClient(options, io).request(`/streams/${pathSegment(options.name)}/fields`);
  if (!Array.isArray(fields)) throw new CliError('the server answered without fields');
  const rows = fields.map((name: unknown) => ({ name }));
  await printRows(rows, ['name'], options.output, io);
}

async function purge(options: NameOptions, io: CliIo): Promise<void> {
  await createClient(options, io).request(`/streams/${pathSegment(options.name)}`, { method: 'DELETE' });
}

function wholeNumber(option: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
    throw new UsageError(`${option}: expected a whole number from 0`);
  };
}
