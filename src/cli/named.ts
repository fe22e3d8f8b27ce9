import type { Command } from 'commander';
import { addClientOptions, type ClientOptions } from './client-options';

/** What every command about one thing with a name takes. */
export interface NameOptions extends ClientOptions {
  readonly name: string;
}

/** Adds `--name`; without a default it has to be given. */
export function addNameOption(command: Command, what: string, byDefault?: string): Command {
  addClientOptions(command);
  return byDefault === undefined
    ? command.requiredOption('--name <name>', `name of the ${what}`)
    : command.option('--name <name>', `name of the ${what}`, byDefault);
}
