import { access } from 'node:fs/promises';
import path from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ConfigFlags } from '../../config';
import { StorageError } from '../../storage/errors';
import { QueueInspector } from '../../storage/queue/queue-inspector';
import { CliError, NotFoundError } from '../cli-error';
import { print, type CliIo } from '../cli-io';
import { loadCliConfig } from '../config-options';
import { EXIT_CODE } from '../exit-code';
import { printRows } from '../output/print-rows';
import { writeWholeFile } from '../transfer/whole-file';
import type { QueueExportOptions, QueueListOptions } from './queue';

const LIST_COLUMNS = ['name', 'records', 'bytes', 'oldest', 'dead_letters', 'paused'];
const CHECK_COLUMNS = ['name', 'readable', 'damaged', 'problem'];

/** Prints each queue. @throws ConfigError, CliError */
export async function listQueues(options: QueueListOptions, io: CliIo): Promise<void> {
  await withQueues(options, io, async (inspector) => {
    const rows = (await inspector.queues()).map(({ deadLetters, oldest, ...summary }) => ({
      ...summary,
      oldest: oldest === undefined ? undefined : new Date(oldest).toISOString(),
      dead_letters: deadLetters,
    }));
    await printRows(rows, LIST_COLUMNS, options.output, io);
  });
}

/** Reads every entry of every queue. @returns the exit code @throws ConfigError, CliError */
export async function checkQueues(options: QueueListOptions, io: CliIo): Promise<number> {
  return withQueues(options, io, async (inspector) => {
    const rows: { name: string; readable: number; damaged: number; problem?: string }[] = [];
    for (const { name } of await inspector.queues()) {
      const row: (typeof rows)[number] = { name, readable: 0, damaged: 0 };
      for await (const entry of inspector.entries(name)) {
        if (entry.problem === undefined) row.readable += entry.records.length;
        else {
          row.damaged += entry.lost;
          row.problem ??= `entry ${entry.id}: ${entry.problem}`;
        }
      }
      rows.push(row);
    }
    await printRows(rows, CHECK_COLUMNS, options.output, io);
    if (rows.every(({ damaged }) => damaged === 0)) return EXIT_CODE.ok;
    await print(io.stderr, 'the server sets aside what it cannot read, and delivers the rest\n');
    return EXIT_CODE.failure;
  });
}

/** Writes the records of a queue. @returns the exit code @throws ConfigError, CliError, NotFoundError */
export async function exportQueue(options: QueueExportOptions, io: CliIo): Promise<number> {
  return withQueues(options, io, async (inspector) => {
    const names = (await inspector.queues()).map(({ name }) => name);
    if (!names.includes(options.name)) {
      const known = names.length === 0 ? 'there are none' : `there are: ${names.map(quoted).join(', ')}`;
      throw new NotFoundError(`there is no queue ${quoted(options.name)}; ${known}`);
    }
    let lost = 0;
    const lines =
      options.deadLetters === true
        ? deadLetterLines(inspector, options.name)
        : recordLines(inspector, options.name, (records) => (lost += records));
    await write(lines, options.dest, io);
    if (lost === 0) return EXIT_CODE.ok;
    await print(io.stderr, `${lost} records of the queue cannot be read and were left out\n`);
    return EXIT_CODE.failure;
  });
}

async function write(lines: AsyncIterable<string>, dest: string | undefined, io: CliIo): Promise<void> {
  if (dest === undefined || dest === '-') {
    for await (const line of lines) await print(io.stdout, line);
    return;
  }
  await writeWholeFile(path.resolve(io.cwd, dest), (target: Writable) =>
    dest.endsWith('.gz')
      ? pipeline(Readable.from(lines), createGzip(), target)
      : pipeline(Readable.from(lines), target),
  );
}

/** As `stream export` writes them, so that `stream import` takes them. */
async function* recordLines(
  inspector: QueueInspector,
  name: string,
  onLost: (records: number) => void,
): AsyncIterableIterator<string> {
  for await (const entry of inspector.entries(name)) {
    if (entry.problem !== undefined) {
      onLost(entry.lost);
      continue;
    }
    let text = '';
    for (const { timestamp, fields } of entry.records) {
      text += `${JSON.stringify({ timestamp: new Date(timestamp).toISOString(), fields })}\n`;
    }
    yield text;
  }
}

async function* deadLetterLines(inspector: QueueInspector, name: string): AsyncIterableIterator<string> {
  for await (const { timestamp, fields, at, attempts, reason } of inspector.deadLetters(name)) {
    const record = { timestamp: new Date(timestamp).toISOString(), fields };
    yield `${JSON.stringify({ ...record, died_at: new Date(at).toISOString(), attempts, reason })}\n`;
  }
}

async function withQueues<Result>(
  flags: ConfigFlags,
  io: CliIo,
  use: (inspector: QueueInspector) => Promise<Result>,
): Promise<Result> {
  const { config } = loadCliConfig(flags, io);
  const file = path.join(config.data_dir, 'queue.db');
  await access(file).catch(() => {
    throw new NotFoundError(
      `${file} is not there, or not readable by the current user: is the data directory right (--data-dir, --config)?`,
    );
  });
  let inspector: QueueInspector | undefined;
  try {
    inspector = await QueueInspector.open(file);
    return await use(inspector);
  } catch (error) {
    throw error instanceof StorageError ? new CliError(error.message) : error;
  } finally {
    await inspector?.close();
  }
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
