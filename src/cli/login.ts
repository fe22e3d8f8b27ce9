import type { Command } from 'commander';
import { LOGIN_PATH } from './api-client';
import { CliError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addClientOptions, createClient, type ClientOptions } from './client-options';
import { readPassword } from './read-password';

interface LoginOptions extends ClientOptions {
  readonly username: string;
  readonly password?: string;
}

export function addLoginCommand(program: Command, io: CliIo): void {
  const command = program
    .command('login')
    .description('print a token for a user name and a password: export LOGWEIR_TOKEN=$(logweir login)');
  addClientOptions(command)
    .option('--username <name>', 'the user', 'root')
    .option(
      '--password <password>',
      'the password; "-" or nothing reads it from standard input (other users see flags)',
    )
    .action((options: LoginOptions) => login(options, io));
}

async function login(options: LoginOptions, io: CliIo): Promise<void> {
  const given = options.password;
  const password = given === undefined || given === '' || given === '-' ? await readPassword(io) : given;
  const answer = await createClient(options, io).request(LOGIN_PATH, {
    method: 'POST',
    body: { username: options.username, password },
  });
  if (typeof answer['token'] !== 'string') throw new CliError('the server answered without a token');
  await print(io.stdout, `${answer['token']}\n`);
}
