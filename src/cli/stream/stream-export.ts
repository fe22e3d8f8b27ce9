import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import { connectionError, pathSegment } from '../api-client';
import { print, type CliIo } from '../cli-io';
import { createClient } from '../client-options';
import { addTimeOptions, timeRange } from '../query';
import { addFilterOptions, indexingParameter, type RecordOptions } from '../record-options';
import { download } from '../transfer/download';
import { startExchange } from '../transfer/http-exchange';

const LINES_TYPE = 'application/x-ndjson';

interface ExportOptions extends RecordOptions {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly dest?: string;
}

export function addStreamExportCommand(stream: Command, io: CliIo): void {
  const command = stream
    .command('export')
    .description('write the records of a stream to a file, one JSON object a line, oldest first')
    .option('--name <name>', 'name of the stream', 'default');
  addTimeOptions(addFilterOptions(command))
    .option('--dest <file>', 'the file (default: standard output); compressed when its name ends in .gz')
    .action((options: ExportOptions) => exportStream(options, io));
}

async function exportStream(options: ExportOptions, io: CliIo): Promise<void> {
  const client = createClient(options, io);
  const route = `/streams/${pathSegment(options.name)}/logs`;
  const request = {
    query: {
      ...timeRange(options),
      filter: options.filter,
      indexing: indexingParameter(options.index),
      order: 'oldest',
    },
    headers: { Accept: LINES_TYPE },
  };
  let trailers: Readonly<Record<string, string | undefined>>;
  const { dest } = options;
  if (dest === undefined || dest === '-') {
    const response = await startExchange(client, route, { method: 'GET', ...request }).response;
    await pipeline(response, io.stdout, { end: false }).catch((error: unknown) => {
      throw connectionError(client.target('').url.origin, error);
    });
    trailers = { ...response.trailers } as Record<string, string | undefined>;
  } else {
    const through = dest.endsWith('.gz') ? () => createGzip() : undefined;
    ({ trailers } = await download(
      client,
      route,
      path.resolve(io.cwd, dest),
      { ...request, label: dest, through },
      io,
    ));
  }
  const failures = Number(trailers['x-filter-errors'] ?? 0);
  if (failures > 0) {
    await print(io.stderr, `the filter failed on ${failures} records, which count as not matching\n`);
  }
}
