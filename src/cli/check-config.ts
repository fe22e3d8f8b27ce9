import type { Command } from 'commander';
import { CONFIG_ENTRIES, type Config, type ConfigEntry, type ConfigFlags } from '../config';
import { print, type CliIo } from './cli-io';
import { addConfigOptions, loadCliConfig } from './config-options';
import { printable } from './printable';

type CheckOptions = ConfigFlags & { readonly quiet?: boolean };

export function addCheckConfigCommand(program: Command, io: CliIo): void {
  const command = program
    .command('check-config')
    .description('check the configuration and show what is in force (exit code 78 when it cannot be used)');
  addConfigOptions(command)
    .option('--quiet', 'only say what is wrong')
    .action((options: CheckOptions) => checkConfig(options, io));
}

/** Prints each key with its value and source. @throws ConfigError */
async function checkConfig(options: CheckOptions, io: CliIo): Promise<void> {
  const { config, sources, warnings } = loadCliConfig(options, io);
  if (options.quiet === true) return;
  let text = 'OK\n';
  for (const entry of CONFIG_ENTRIES.values()) {
    text += `${entry.path} = ${shownValue(config, entry)} (${sources.get(entry.path) ?? 'default'})\n`;
  }
  await print(io.stdout, text);
  for (const warning of warnings) await print(io.stderr, `warning: ${warning}\n`);
}

function shownValue(config: Config, entry: ConfigEntry): string {
  const value = entry.path
    .split('.')
    .reduce<unknown>((node, name) => (node as Readonly<Record<string, unknown>>)[name], config);
  if (entry.key.secret) return value === '' ? '(not set)' : '(set)';
  return printable(JSON.stringify(value));
}
