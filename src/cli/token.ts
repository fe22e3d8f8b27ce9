import type { Command } from 'commander';
import { pathSegment } from './api-client';
import { CliError, UsageError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addClientOptions, createClient, type ClientOptions } from './client-options';
import { addOutputOption, printRows, type OutputOptions, type Row } from './output/print-rows';
import { printable } from './printable';

interface CreateOptions extends ClientOptions {
  readonly name?: string;
  readonly scope?: readonly string[];
  readonly expires?: string;
}

const COLUMNS = ['uuid', 'name', 'scopes', 'created_at', 'expires_at', 'last_used_at'];

export function addTokenCommand(program: Command, io: CliIo): void {
  const token = program.command('token').description('personal access tokens of the current user');
  addOutputOption(
    addClientOptions(token.command('ls').alias('list').description('list the tokens, not their secrets')),
  ).action((options: ClientOptions & OutputOptions) => listTokens(options, io));
  addClientOptions(token.command('create').description('make a token and print it: it is never shown again'))
    .option('--name <name>', 'what the token is for')
    .option('--scope <scope>', 'narrows the token to this permission; may be given several times', appendTo)
    .option('--expires <time>', 'when the token ends, RFC 3339')
    .action((options: CreateOptions) => createToken(options, io));
  addClientOptions(token.command('revoke').description('make a token invalid'))
    .argument('[uuid]', 'its identifier')
    .option('--uuid <uuid>', 'likewise')
    .action((uuid: string | undefined, options: ClientOptions & { uuid?: string }) =>
      revokeToken(uuid ?? options.uuid, options, io),
    );
}

async function createToken({ name, scope, expires, ...options }: CreateOptions, io: CliIo): Promise<void> {
  const wishes = { name, scopes: scope, expires_at: expires };
  // Without wishes also without body: older servers take none.
  const body = Object.values(wishes).some((wish) => wish !== undefined) ? wishes : undefined;
  const answer = await createClient(options, io).request('/token', { method: 'POST', body });
  if (typeof answer['token'] !== 'string') throw new CliError('the server answered without a token');
  await print(io.stdout, `${answer['token']}\n`);
  await print(io.stderr, `identifier: ${printable(String(answer['token_uuid']))}\n`);
}

async function listTokens(options: ClientOptions & OutputOptions, io: CliIo): Promise<void> {
  const { tokens, token_uuids: identifiers } = await createClient(options, io).request('/tokens');
  if (!Array.isArray(identifiers)) throw new CliError('the server answered without a list of tokens');
  const rows = Array.isArray(tokens) ? (tokens as Row[]) : identifiers.map((uuid: unknown) => ({ uuid }));
  await printRows(rows, Array.isArray(tokens) ? COLUMNS : ['uuid'], options.output, io);
}

async function revokeToken(uuid: string | undefined, options: ClientOptions, io: CliIo): Promise<void> {
  if (uuid === undefined) throw new UsageError('which token? "logweir token ls" lists their identifiers');
  await createClient(options, io).request(`/tokens/${pathSegment(uuid)}`, { method: 'DELETE' });
}

function appendTo(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}
