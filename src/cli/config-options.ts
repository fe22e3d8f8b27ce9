import type { Command } from 'commander';
import { loadConfig, type ConfigFlags, type LoadedConfig } from '../config';
import type { CliIo } from './cli-io';

/** Adds the flags of every command that needs the server's configuration. */
export function addConfigOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file, YAML (LOGWEIR_CONFIG; none by default)')
    .option('--data-dir <folder>', 'folder of all databases (data_dir)')
    .option('--set <key=value>', 'sets any key, may be given several times', appendTo, []);
}

/** The configuration that flags, environment and file ask for. @throws ConfigError */
export function loadCliConfig(flags: ConfigFlags, io: CliIo): LoadedConfig {
  return loadConfig({ flags, env: io.env, cwd: io.cwd });
}

function appendTo(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}
