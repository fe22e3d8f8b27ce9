import type { Command } from 'commander';
import { LOGIN_PATH } from './api-client';
import { CliError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addClientOptions, apiAddress, createAnonymousClient, type ClientOptions } from './client-options';
import { forgetToken, saveToken } from './credentials';
import { readPassword } from './read-password';

interface LoginOptions extends ClientOptions {
  readonly username: string;
  readonly password?: string;
  readonly save: boolean;
}

export function addLoginCommand(program: Command, io: CliIo): void {
  const command = program
    .command('login')
    .description('exchange a user name and a password for a token: it is saved for later commands, and printed');
  addClientOptions(command)
    .option('--username <name>', 'the user', 'root')
    .option(
      '--password <password>',
      'the password; "-" or nothing reads it from standard input (other users see flags)',
    )
    .option('--no-save', 'only print the token: export LOGWEIR_TOKEN=$(logweir login --no-save)')
    .action((options: LoginOptions) => login(options, io));
  addClientOptions(program.command('logout').description('forget the token that login saved')).action(
    (options: ClientOptions) => forgetToken(io, apiAddress(options, io)),
  );
}

async function login(options: LoginOptions, io: CliIo): Promise<void> {
  const given = options.password;
  const password = given === undefined || given === '' || given === '-' ? await readPassword(io) : given;
  const answer = await createAnonymousClient(options, io).request(LOGIN_PATH, {
    method: 'POST',
    body: { username: options.username, password },
  });
  const { token } = answer;
  if (typeof token !== 'string') throw new CliError('the server answered without a token');
  const file = options.save ? saveToken(io, apiAddress(options, io), token) : undefined;
  await print(io.stdout, `${token}\n`);
  if (file !== undefined && io.stderr.isTTY === true) await print(io.stderr, `saved in ${file}\n`);
}
