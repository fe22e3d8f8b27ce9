import type { Command } from 'commander';
import { pathSegment } from './api-client';
import { CliError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addClientOptions, createClient, type ClientOptions } from './client-options';
import { addNameOption, type NameOptions } from './named';
import { addOutputOption, printRows, type OutputOptions } from './output/print-rows';
import { readJsonInput } from './transfer/read-input';

type ImportOptions = NameOptions & { readonly input?: string };

export function addForwarderCommand(program: Command, io: CliIo): void {
  const forwarder = program.command('forwarder').description('forwarders: destinations that records are sent to');
  addOutputOption(addClientOptions(forwarder.command('ls').description('list all forwarders'))).action(
    (options: ClientOptions & OutputOptions) => listForwarders(options, io),
  );
  addNameOption(forwarder.command('export').description('print a forwarder as JSON'), 'forwarder').action(
    (options: NameOptions) => exportForwarder(options, io),
  );
  addNameOption(forwarder.command('import').description('create or replace a forwarder'), 'forwarder')
    .option('--input <file>', 'JSON of the forwarder (default: standard input)')
    .action((options: ImportOptions) => importForwarder(options, io));
  addNameOption(forwarder.command('rm').description('delete a forwarder'), 'forwarder').action((options: NameOptions) =>
    removeForwarder(options, io),
  );
}

async function listForwarders(options: ClientOptions & OutputOptions, io: CliIo): Promise<void> {
  const { forwarders } = await createClient(options, io).request('/forwarders');
  if (!Array.isArray(forwarders)) throw new CliError('the server answered without forwarders');
  const rows = forwarders.map((name: unknown) => ({ name }));
  await printRows(rows, ['name'], options.output, io);
}

async function exportForwarder(options: NameOptions, io: CliIo): Promise<void> {
  const { forwarder } = await createClient(options, io).request(`/forwarders/${pathSegment(options.name)}`);
  if (typeof forwarder !== 'object' || forwarder === null)
    throw new CliError('the server answered without a forwarder');
  await print(io.stdout, `${JSON.stringify(forwarder, undefined, 2)}\n`);
}

async function importForwarder(options: ImportOptions, io: CliIo): Promise<void> {
  const input = await readJsonInput(options.input, io);
  // What the API answers and takes has the forwarder one level down.
  const forwarder = 'forwarder' in input ? input.forwarder : input;
  await createClient(options, io).request(`/forwarders/${pathSegment(options.name)}`, {
    method: 'PUT',
    body: { forwarder },
  });
}

async function removeForwarder(options: NameOptions, io: CliIo): Promise<void> {
  await createClient(options, io).request(`/forwarders/${pathSegment(options.name)}`, { method: 'DELETE' });
}
