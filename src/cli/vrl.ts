import type { Command } from 'commander';
import type { CliIo } from './cli-io';
import type { runVrl as RunVrl } from './run-vrl';

export interface VrlOptions {
  readonly program: string;
  readonly input: string;
  readonly timezone: string;
  readonly check?: boolean;
  readonly printObject?: boolean;
  readonly allowNetwork?: boolean;
}

export function addVrlCommand(program: Command, io: CliIo): void {
  program
    .command('vrl')
    .description('run a transformer over lines of JSON and print what it gives for each')
    .requiredOption('--program <file>', 'the program')
    .option('--input <file>', 'events, one JSON value a line; - is standard input', '-')
    .option('--check', 'only compile the program')
    .option('--print-object', 'print the events as the program leaves them, not its results')
    .option('--allow-network', 'let dns_lookup, reverse_dns and http_request work')
    .option('--timezone <name>', 'zone of times without one: an IANA name, or local', 'UTC')
    .action(async (options: VrlOptions) => {
      // The language is large, and no other command needs it.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { runVrl } = require('./run-vrl') as { runVrl: typeof RunVrl };
      await runVrl(options, io);
    });
}
