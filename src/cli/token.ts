import type { Command } from 'commander';
import { pathSegment } from './api-client';
import { CliError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addClientOptions, createClient, type ClientOptions } from './client-options';
import { printable } from './printable';

export function addTokenCommand(program: Command, io: CliIo): void {
  const token = program.command('token').description('personal access tokens of the current user');
  addClientOptions(token.command('create').description('make a token and print it: it is never shown again')).action(
    (options: ClientOptions) => createToken(options, io),
  );
  addClientOptions(token.command('list').description('print the identifier of each token')).action(
    (options: ClientOptions) => listTokens(options, io),
  );
  addClientOptions(token.command('revoke').description('make a token invalid'))
    .argument('<uuid>', 'its identifier')
    .action((uuid: string, options: ClientOptions) => revokeToken(uuid, options, io));
}

async function createToken(options: ClientOptions, io: CliIo): Promise<void> {
  const answer = await createClient(options, io).request('/token', { method: 'POST' });
  if (typeof answer['token'] !== 'string') throw new CliError('the server answered without a token');
  await print(io.stdout, `${answer['token']}\n`);
  await print(io.stderr, `identifier: ${printable(String(answer['token_uuid']))}\n`);
}

async function listTokens(options: ClientOptions, io: CliIo): Promise<void> {
  const { token_uuids: identifiers } = await createClient(options, io).request('/tokens');
  if (!Array.isArray(identifiers)) throw new CliError('the server answered without a list of tokens');
  for (const identifier of identifiers) await print(io.stdout, `${printable(String(identifier))}\n`);
}

async function revokeToken(uuid: string, options: ClientOptions, io: CliIo): Promise<void> {
  await createClient(options, io).request(`/tokens/${pathSegment(uuid)}`, { method: 'DELETE' });
}
