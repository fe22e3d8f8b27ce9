import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config';
import { ApiError, ConnectionError } from './api-client';
import { addCheckConfigCommand } from './check-config';
import { CliError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addDefaultConfigCommand } from './default-config';
import { EXIT_CODE } from './exit-code';
import { addLoginCommand } from './login';
import { packageVersion } from './package-version';
import { addQueryCommand } from './query';
import { addServeCommand } from './serve';
import { addTailCommand } from './tail';
import { addTokenCommand } from './token';
import { addVersionCommand } from './version';

/**
 * Runs one command.
 *
 * @param args - what follows the program's name on the command line
 * @returns the exit code of the process
 *
 * @example
 * process.exitCode = await run(['check-config'], io);
 */
export async function run(args: readonly string[], io: CliIo): Promise<number> {
  let exitCode: number = EXIT_CODE.ok;
  const program = new Command('logweir')
    .description('Log collector: syslog, OpenTelemetry and HTTP in; pipelines; compressed, queryable streams.')
    .version(packageVersion())
    .showHelpAfterError('(--help shows what is allowed)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride();
  addServeCommand(program, io, (code) => {
    exitCode = code;
  });
  addCheckConfigCommand(program, io);
  addDefaultConfigCommand(program, io);
  addQueryCommand(program, io);
  addTailCommand(program, io);
  addLoginCommand(program, io);
  addTokenCommand(program, io);
  addVersionCommand(program, io);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, io);
  }
}

async function report(error: unknown, io: CliIo): Promise<number> {
  // Commander has said what it had to say, on the right stream.
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof ConfigError) {
    await print(io.stderr, `The configuration cannot be used:\n${error.message}\n`);
    return EXIT_CODE.config;
  }
  if (error instanceof CliError || error instanceof ApiError || error instanceof ConnectionError) {
    await print(io.stderr, `logweir: ${error.message}\n`);
    return EXIT_CODE.failure;
  }
  await print(io.stderr, `logweir: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_CODE.failure;
}
