import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { ApiError, pathSegment, type ApiClient } from './api-client';
import { CliError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addClientOptions, createClient, type ClientOptions } from './client-options';
import { addNameOption, type NameOptions } from './named';
import { addOutputOption, printRows, type OutputOptions } from './output/print-rows';
import { readInput } from './transfer/read-input';

/** Found on every system of POSIX. */
const DEFAULT_EDITOR = 'vi';

type ImportOptions = NameOptions & { readonly input?: string };

interface Script {
  readonly text: string;
  /** The state it was read in; absent when there is no such transformer yet. */
  readonly tag?: string | undefined;
  readonly exists: boolean;
}

export function addTransformerCommand(program: Command, io: CliIo): void {
  const transformer = program.command('transformer').description('transformers: named scripts that change records');
  addOutputOption(addClientOptions(transformer.command('ls').description('list all transformers'))).action(
    (options: ClientOptions & OutputOptions) => listTransformers(options, io),
  );
  addNameOption(transformer.command('cat').description('print a script'), 'transformer').action(
    (options: NameOptions) => printScript(options, io),
  );
  addNameOption(
    transformer.command('edit').description(`open a script in $EDITOR (else ${DEFAULT_EDITOR}), then save it`),
    'transformer',
  ).action((options: NameOptions) => editScript(options, io));
  addNameOption(transformer.command('import').description('create or replace a script'), 'transformer')
    .option('--input <file>', 'the script (default: standard input)')
    .action((options: ImportOptions) => importScript(options, io));
  addNameOption(transformer.command('rm').description('delete a script'), 'transformer').action(
    (options: NameOptions) => removeScript(options, io),
  );
}

async function listTransformers(options: ClientOptions & OutputOptions, io: CliIo): Promise<void> {
  const { transformers } = await createClient(options, io).request('/transformers');
  if (!Array.isArray(transformers)) throw new CliError('the server answered without transformers');
  const rows = transformers.map((name: unknown) => ({ name }));
  await printRows(rows, ['name'], options.output, io);
}

async function printScript(options: NameOptions, io: CliIo): Promise<void> {
  const { text } = await readScript(createClient(options, io), options.name);
  await print(io.stdout, text.endsWith('\n') ? text : `${text}\n`);
}

async function importScript(options: ImportOptions, io: CliIo): Promise<void> {
  const script = await readInput(options.input, io);
  await createClient(options, io).request(pathOf(options.name), { method: 'PUT', body: { script } });
}

async function removeScript(options: NameOptions, io: CliIo): Promise<void> {
  await createClient(options, io).request(pathOf(options.name), { method: 'DELETE' });
}

async function editScript(options: NameOptions, io: CliIo): Promise<void> {
  const client = createClient(options, io);
  const before = await readScript(client, options.name).catch((error: unknown): Script => {
    if (error instanceof ApiError && error.status === 404) return { text: '', exists: false };
    throw error;
  });
  const directory = await mkdtemp(path.join(io.env['TMPDIR'] || tmpdir(), 'logweir-edit-'));
  const file = path.join(directory, 'transformer.vrl');
  await writeFile(file, before.text, { mode: 0o600 });
  try {
    await runEditor(file, io);
    const text = await readFile(file, 'utf8');
    if (text === before.text) {
      await print(io.stderr, 'nothing was changed\n');
    } else {
      await client.request(pathOf(options.name), {
        method: 'PUT',
        body: { script: text },
        headers: conditionOf(before),
      });
    }
  } catch (error) {
    // What somebody wrote is not thrown away because the server refuses it.
    if (error instanceof Error) error.message += `\n  (your text is kept in ${file})`;
    throw error;
  }
  await rm(directory, { recursive: true });
}

/** Refused when somebody else saved the transformer while the editor was open. */
function conditionOf({ exists, tag }: Script): Record<string, string> {
  if (!exists) return { 'If-None-Match': '*' };
  return tag === undefined ? {} : { 'If-Match': tag };
}

async function readScript(client: ApiClient, name: string): Promise<Script> {
  const { body, tag } = await client.exchange(pathOf(name));
  if (typeof body['script'] !== 'string') throw new CliError('the server answered without a script');
  return { text: body['script'], tag, exists: true };
}

/** The variable may hold arguments too, so a shell reads it, as `git` and `crontab` do. */
async function runEditor(file: string, io: CliIo): Promise<void> {
  const editor = io.env['EDITOR'] || DEFAULT_EDITOR;
  const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new CliError(`${editor} ended with ${code === null ? 'a signal' : `exit code ${code}`}`);
}

function pathOf(name: string): string {
  return `/transformers/${pathSegment(name)}`;
}
