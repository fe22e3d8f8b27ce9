import type { Command } from 'commander';
import { ApiClient } from './api-client';
import type { CliIo } from './cli-io';

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
    .option('--token <token>', 'token of a login or personal access token (LOGWEIR_TOKEN)');
}

/** The client that flags and environment ask for. */
export function createClient(options: ClientOptions, io: CliIo): ApiClient {
  return new ApiClient({
    base: options.api || io.env['LOGWEIR_API'] || DEFAULT_API,
    token: options.token || io.env['LOGWEIR_TOKEN'],
  });
}
