import { get, type RequestOptions } from 'node:http';
import { get as getSecure } from 'node:https';
import { Option, type Command } from 'commander';
import { parseBind, type ConfigFlags } from '../config';
import { connectionError } from './api-client';
import { CliError, UsageError } from './cli-error';
import type { CliIo } from './cli-io';
import { addConfigOptions, loadCliConfig } from './config-options';
import { EXIT_CODE } from './exit-code';
import { addOutputOption, printRows, type OutputOptions, type Row } from './output/print-rows';

/** A server that does not answer for so long is not healthy; in milliseconds. */
const TIMEOUT_MS = 10_000;
/** More than any answer has. */
const MAX_ANSWER_BYTES = 1024 * 1024;

type HealthOptions = ConfigFlags & OutputOptions & { readonly url?: string };

export function addHealthCommand(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  const command = program
    .command('health')
    .description('ask a running server whether it is well (exit code 0: it is, 1: it is not, 3: no answer)')
    .addOption(new Option('--url <url>', 'where to ask, instead of management.bind on this host'));
  addOutputOption(addConfigOptions(command)).action(async (options: HealthOptions) =>
    setExitCode(await health(options, io)),
  );
}

/** Prints what the server looked at. @returns the exit code @throws ConnectionError, ConfigError, UsageError, CliError */
async function health(options: HealthOptions, io: CliIo): Promise<number> {
  const url = options.url === undefined ? ownAddress(options, io) : givenAddress(options.url);
  const text = await ask(url);
  let body: { readonly healthy?: unknown; readonly checks?: unknown };
  try {
    body = JSON.parse(text) as typeof body;
  } catch {
    throw new CliError(`${url.href} did not answer as a Logweir does`);
  }
  if (typeof body.healthy !== 'boolean' || !Array.isArray(body.checks)) {
    throw new CliError(`${url.href} did not answer as a Logweir does`);
  }
  await printRows(body.checks as Row[], ['name', 'healthy', 'detail'], options.output, io);
  return body.healthy ? EXIT_CODE.ok : EXIT_CODE.failure;
}

function givenAddress(text: string): URL {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UsageError('--url: expected an address such as http://127.0.0.1:9113');
  }
  const url = new URL(text);
  if (url.pathname === '/') url.pathname = '/health';
  return url;
}

/** Where the configuration says that a server on this host answers. */
function ownAddress(options: HealthOptions, io: CliIo): URL {
  const { management } = loadCliConfig(options, io).config;
  const bind = parseBind(management.bind);
  if (bind === undefined) throw new CliError('management.bind is off: nobody can be asked');
  // Every interface: this host's own is one of them.
  const host = bind.host === undefined || bind.host === '0.0.0.0' || bind.host === '::' ? '127.0.0.1' : bind.host;
  const shown = host.includes(':') ? `[${host}]` : host;
  return new URL(`${management.tls.cert === '' ? 'http' : 'https'}://${shown}:${bind.port}/health`);
}

function ask(url: URL): Promise<string> {
  const options: RequestOptions = { headers: { Accept: 'application/json' }, timeout: TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(connectionError(url.origin, error));
    // The certificate is for the name that others use; nothing secret is asked or answered.
    const request =
      url.protocol === 'https:' ? getSecure(url, { ...options, rejectUnauthorized: false }) : get(url, options);
    request.on('error', fail);
    request.on('timeout', () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1000} s`)));
    request.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
        if (text.length > MAX_ANSWER_BYTES) response.destroy(new Error('the answer is too long'));
      });
      response.on('error', fail);
      response.on('end', () => resolve(Buffer.from(text, 'latin1').toString()));
    });
  });
}
