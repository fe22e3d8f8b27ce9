import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import type { Command } from 'commander';
import { ApiError, ConnectionError, pathSegment, type ApiClient } from '../api-client';
import { CliError, UsageError } from '../cli-error';
import { print, type CliIo } from '../cli-io';
import { addClientOptions, createClient, type ClientOptions } from '../client-options';
import { ProgressBar } from '../transfer/progress-bar';
import { inputChunks } from '../transfer/read-input';
import { readLines } from '../transfer/read-lines';

/** Records and, about, bytes sent at once: far below the largest body that a server takes. */
const BATCH_RECORDS = 2_000;
const BATCH_BYTES = 1024 * 1024;

/** A server that is busy is asked again so many times, after pauses that double from the first one. */
const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 250;

interface ImportOptions extends ClientOptions {
  readonly pipeline: string;
  readonly input?: string;
  readonly skip?: number;
}

type Fields = Record<string, string>;

export function addStreamImportCommand(stream: Command, io: CliIo): void {
  const command = stream
    .command('import')
    .description(
      'send records to a pipeline: one JSON object a line, as export writes them or just their fields; they arrive now',
    );
  addClientOptions(command)
    .option('--pipeline <name>', 'the pipeline', 'default')
    .option('--input <file>', 'the file (default: standard input); decompressed when its name ends in .gz')
    .option('--skip <lines>', 'leave out the first so many lines: to go on where an import stopped', skipOf)
    .action((options: ImportOptions) => importRecords(options, io));
}

async function importRecords(options: ImportOptions, io: CliIo): Promise<void> {
  const client = createClient(options, io);
  const bar = new ProgressBar(options.input ?? 'import', await sizeOf(options.input, io), io);
  const sender = new BatchSender(client, `/pipelines/${pathSegment(options.pipeline)}/logs/struct`);
  const skip = options.skip ?? 0;
  let number = 0;
  try {
    for await (const line of readLines(decompressed(options.input, counted(inputChunks(options.input, io), bar)))) {
      number++;
      if (number > skip && line.trim() !== '') await sender.add(fieldsOf(line, number), line.length, number);
    }
    await sender.flush(number);
  } catch (error) {
    bar.end();
    if (sender.doneLines > skip || error instanceof ConnectionError) {
      const done = Math.max(sender.doneLines, skip);
      await print(io.stderr, `sent ${sender.records} records; what is left goes with --skip ${done}\n`);
    }
    throw error;
  }
  bar.end();
  await print(io.stderr, `sent ${sender.records} records\n`);
}

/** Gathers records and sends them together; a batch is taken as a whole or not at all. */
class BatchSender {
  /** Records that the server has acknowledged. */
  records = 0;
  /** Lines whose records are all acknowledged. */
  doneLines = 0;
  readonly #client: ApiClient;
  readonly #path: string;
  #batch: Fields[] = [];
  #bytes = 0;

  constructor(client: ApiClient, path: string) {
    this.#client = client;
    this.#path = path;
  }

  async add(fields: Fields, bytes: number, line: number): Promise<void> {
    this.#batch.push(fields);
    this.#bytes += bytes;
    if (this.#batch.length >= BATCH_RECORDS || this.#bytes >= BATCH_BYTES) await this.flush(line);
  }

  async flush(line: number): Promise<void> {
    if (this.#batch.length > 0) await this.#send({ records: this.#batch });
    this.records += this.#batch.length;
    this.doneLines = line;
    this.#batch = [];
    this.#bytes = 0;
  }

  /** A refusal for now has stored nothing; after a lost connection nobody knows, so that is not tried again. */
  async #send(body: { readonly records: readonly Fields[] }): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#client.request(this.#path, { method: 'POST', body });
        return;
      } catch (error) {
        const isBusy = error instanceof ApiError && (error.status === 429 || error.status === 503);
        if (!isBusy || attempt === MAX_ATTEMPTS) throw error;
      }
      await delay(pause);
      pause *= 2;
    }
  }
}

/** The fields of a record; values that are no text become JSON. @throws CliError when the line is no record */
function fieldsOf(line: string, number: number): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    value = undefined;
  }
  if (!isObject(value)) throw new CliError(`line ${number} is no JSON object`);
  const exported =
    typeof value['timestamp'] === 'string' && isObject(value['fields']) && Object.keys(value).length === 2;
  const source = exported ? (value['fields'] as Readonly<Record<string, unknown>>) : value;
  return Object.fromEntries(
    Object.entries(source).map(([name, field]) => [name, typeof field === 'string' ? field : JSON.stringify(field)]),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function sizeOf(input: string | undefined, io: CliIo): Promise<number | undefined> {
  if (input === undefined || input === '-') return undefined;
  return (await stat(path.resolve(io.cwd, input)).catch(() => undefined))?.size;
}

async function* counted(chunks: AsyncIterable<Buffer>, bar: ProgressBar): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) {
    bar.add(chunk.length);
    yield chunk;
  }
}

function decompressed(input: string | undefined, chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  if (input?.endsWith('.gz') !== true) return chunks;
  return gunzipped(chunks);
}

async function* gunzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip();
  // Its failure ends `gunzip` too, where it is seen.
  pipeline(Readable.from(chunks), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code?.startsWith('Z_') === true ? new CliError(`cannot decompress the input: ${message}`) : error;
  }
}

function skipOf(text: string): number {
  const lines = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(lines)) return lines;
  throw new UsageError('--skip: expected a whole number from 0');
}
