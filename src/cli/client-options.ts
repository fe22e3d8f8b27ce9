import type { Command } from 'commander';
import { ApiClient } from './api-client';
import type { CliIo } from './cli-io';
import { savedToken } from './credentials';

/** Where the server listens when nothing is said. */
const DEFAULT_API = 'http://localhost:5080';

/** What every command that talks to a server takes. */
export interface ClientOptions {
  readonly api?: string;
  readonly token?: string;
}

/** Adds `--api` and `--token`. */
export function addClientOptions(command: Command): Command {
  return command
    .option('--api <url>', `the server (LOGWEIR_API; ${DEFAULT_API})`)
    .option(
      '--token <token>',
      'token of a login or personal access token (LOGWEIR_TOKEN; else the one that login saved)',
    );
}

/** Lets `--api` and `--token` stand in front of the command as well: `logweir --api URL stream ls`. */
export function addGlobalClientOptions(program: Command): void {
  addClientOptions(program).hook('preAction', (root, command) => {
    for (const name of ['api', 'token']) {
      const value: unknown = root.getOptionValue(name);
      if (value === undefined) continue;
      if (!command.options.some((option) => option.attributeName() === name)) {
        command.error(`error: ${command.name()} talks to no server: --${name} has no meaning for it`);
      }
      command.setOptionValue(name, value);
    }
  });
}

/** The address that flags and environment name. */
export function apiAddress(options: ClientOptions, io: CliIo): string {
  return options.api || io.env['LOGWEIR_API'] || DEFAULT_API;
}

/** The client that flags and environment ask for, with the token that `logweir login` saved when they have none. */
export function createClient(options: ClientOptions, io: CliIo): ApiClient {
  const base = apiAddress(options, io);
  return new ApiClient({ base, token: options.token || io.env['LOGWEIR_TOKEN'] || savedToken(io, base) });
}

/** A client for the one request that needs no token. */
export function createAnonymousClient(options: ClientOptions, io: CliIo): ApiClient {
  return new ApiClient({ base: apiAddress(options, io) });
}
