import type { Command } from 'commander';
import type { ConfigFlags } from '../config';
import type { CliIo } from './cli-io';
import { addConfigOptions } from './config-options';
import type { resetPassword } from './reset-password';

export function addUserCommand(program: Command, io: CliIo): void {
  const user = program.command('user').description('users, in the data directory itself: without a server and a login');
  addConfigOptions(
    user
      .command('reset-password')
      .description('set a new password, read from standard input; login sessions of the user end, tokens stay')
      .argument('<name>', 'the user'),
  ).action((name: string, flags: ConfigFlags) => {
    // Loaded here: the other commands do without the databases and start in a fraction of the time.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const command = require('./reset-password') as { resetPassword: typeof resetPassword };
    return command.resetPassword(name, flags, io);
  });
}
