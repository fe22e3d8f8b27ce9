import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config';
import { ApiError, ConnectionError } from './api-client';
import { addAclCommand } from './acl/acl';
import { addAdminCommand } from './admin';
import { addCheckConfigCommand } from './check-config';
import { addGlobalClientOptions } from './client-options';
import { CliError, ConflictError, NotFoundError, UsageError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addDefaultConfigCommand } from './default-config';
import { addDoctorCommand } from './doctor/doctor';
import { EXIT_CODE } from './exit-code';
import { addForwarderCommand } from './forwarder';
import { addHealthCommand } from './health';
import { addLoginCommand } from './login';
import { asErrorLines } from '../service';
import { painterFor } from './output/style';
import { packageVersion } from './package-version';
import { addPipelineCommand } from './pipeline';
import { addQueryCommand } from './query';
import { addQueueCommand } from './queue/queue';
import { addServeCommand } from './serve';
import { addStreamCommand } from './stream/stream';
import { addSystemConfigCommand } from './system-config';
import { addTailCommand } from './tail';
import { addTokenCommand } from './token';
import { addTransformerCommand } from './transformer';
import { addUserCommand } from './user';
import { addVersionCommand } from './version';
import { addVrlCommand } from './vrl';

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
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, io);
  }
}

/** All commands, with their options and help. */
export function createProgram(io: CliIo, setExitCode: (code: number) => void): Command {
  const program = new Command('logweir')
    .description('Log collector: syslog, OpenTelemetry and HTTP in; pipelines; compressed, queryable streams.')
    .version(packageVersion())
    .showHelpAfterError('(--help shows what is allowed)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride();
  addGlobalClientOptions(program);
  addServeCommand(program, io, setExitCode);
  addCheckConfigCommand(program, io);
  addDefaultConfigCommand(program, io);
  addDoctorCommand(program, io, setExitCode);
  addHealthCommand(program, io, setExitCode);
  addUserCommand(program, io);
  addQueueCommand(program, io, setExitCode);
  addQueryCommand(program, io);
  addTailCommand(program, io);
  addLoginCommand(program, io);
  addStreamCommand(program, io);
  addPipelineCommand(program, io);
  addTransformerCommand(program, io);
  addForwarderCommand(program, io);
  addAclCommand(program, io);
  addTokenCommand(program, io);
  addSystemConfigCommand(program, io);
  addAdminCommand(program, io);
  addVersionCommand(program, io);
  addVrlCommand(program, io);
  return program;
}

async function report(error: unknown, io: CliIo): Promise<number> {
  // Commander has said what it had to say, on the right stream.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODE.ok : EXIT_CODE.usage;
  if (error instanceof ConfigError) {
    await print(io.stderr, asErrorLines(`The configuration cannot be used:\n${error.message}\n`, io.env));
    return EXIT_CODE.config;
  }
  const name = painterFor(io.stderr, io)('red', 'logweir:');
  const expected = error instanceof CliError || error instanceof ApiError || error instanceof ConnectionError;
  const text = error instanceof Error ? (expected ? error.message : (error.stack ?? error.message)) : String(error);
  await print(io.stderr, `${name} ${text}\n`);
  return exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT_CODE.usage;
  if (error instanceof NotFoundError) return EXIT_CODE.notFound;
  if (error instanceof ConflictError) return EXIT_CODE.conflict;
  if (error instanceof ConnectionError) return EXIT_CODE.unavailable;
  if (!(error instanceof ApiError)) return EXIT_CODE.failure;
  if (error.status === 401 || error.status === 403) return EXIT_CODE.denied;
  if (error.status === 404) return EXIT_CODE.notFound;
  if (error.status === 409 || error.status === 412) return EXIT_CODE.conflict;
  // 500 is a mistake of the server's own: asking again will hardly help.
  return error.temporary && error.status !== 500 ? EXIT_CODE.unavailable : EXIT_CODE.failure;
}
