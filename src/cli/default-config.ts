import type { Command } from 'commander';
import { renderConfigFile } from '../config';
import { print, type CliIo } from './cli-io';

export function addDefaultConfigCommand(program: Command, io: CliIo): void {
  program
    .command('default-config')
    .description('print a configuration file that lists every key with its default')
    .action(() => print(io.stdout, renderConfigFile()));
}
