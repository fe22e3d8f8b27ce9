import { Option, type Command } from 'commander';
import { pathSegment } from './api-client';
import { CliError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addClientOptions, createClient, type ClientOptions } from './client-options';
import { addNameOption, type NameOptions } from './named';
import { addOutputOption, printRows, type OutputOptions } from './output/print-rows';
import { flowToMermaid } from './pipeline-mermaid';
import { printable } from './printable';
import { readJsonInput } from './transfer/read-input';

type ExportOptions = NameOptions & { readonly format: 'mermaid' | 'json' };
type ImportOptions = NameOptions & { readonly input?: string };

const DEFAULT_PIPELINE = 'default';

export function addPipelineCommand(program: Command, io: CliIo): void {
  const pipeline = program.command('pipeline').description('pipelines: graphs that route records');
  addOutputOption(addClientOptions(pipeline.command('ls').description('list all pipelines'))).action(
    (options: ClientOptions & OutputOptions) => listPipelines(options, io),
  );
  addNameOption(pipeline.command('export').description('print the graph of a pipeline'), 'pipeline', DEFAULT_PIPELINE)
    .addOption(
      new Option('--format <format>', 'a Mermaid chart to look at, or the JSON that import takes')
        .choices(['mermaid', 'json'])
        .default('mermaid'),
    )
    .action((options: ExportOptions) => exportPipeline(options, io));
  addNameOption(pipeline.command('import').description('create or replace a pipeline'), 'pipeline', DEFAULT_PIPELINE)
    .option('--input <file>', 'JSON of the graph (default: standard input)')
    .action((options: ImportOptions) => importPipeline(options, io));
  addNameOption(pipeline.command('rm').description('delete a pipeline'), 'pipeline').action((options: NameOptions) =>
    removePipeline(options, io),
  );
}

async function listPipelines(options: ClientOptions & OutputOptions, io: CliIo): Promise<void> {
  const { pipelines } = await createClient(options, io).request('/pipelines');
  if (!Array.isArray(pipelines)) throw new CliError('the server answered without pipelines');
  const rows = pipelines.map((name: unknown) => ({ name }));
  await printRows(rows, ['name'], options.output, io);
}

async function exportPipeline(options: ExportOptions, io: CliIo): Promise<void> {
  const { flow } = await createClient(options, io).request(`/pipelines/${pathSegment(options.name)}`);
  if (typeof flow !== 'object' || flow === null) throw new CliError('the server answered without a graph');
  const text = options.format === 'json' ? `${JSON.stringify(flow, undefined, 2)}\n` : flowToMermaid(flow);
  await print(io.stdout, text);
}

async function importPipeline(options: ImportOptions, io: CliIo): Promise<void> {
  const input = await readJsonInput(options.input, io);
  // What the API answers and takes has the graph one level down.
  const flow = 'flow' in input && !('nodes' in input) ? input.flow : input;
  const { warnings } = await createClient(options, io).request(`/pipelines/${pathSegment(options.name)}`, {
    method: 'PUT',
    body: { flow },
  });
  if (!Array.isArray(warnings)) return;
  for (const warning of warnings as { path?: unknown; message?: unknown }[]) {
    await print(io.stderr, `warning: ${printable(`${String(warning.path)}: ${String(warning.message)}`)}\n`);
  }
}

async function removePipeline(options: NameOptions, io: CliIo): Promise<void> {
  await createClient(options, io).request(`/pipelines/${pathSegment(options.name)}`, { method: 'DELETE' });
}
