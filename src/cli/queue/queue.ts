import type { Command } from 'commander';
import type { ConfigFlags } from '../../config';
import type { CliIo } from '../cli-io';
import { addConfigOptions } from '../config-options';
import { addOutputOption, type OutputOptions } from '../output/print-rows';
import type * as Inspection from './inspect';

export type QueueListOptions = ConfigFlags & OutputOptions;

export interface QueueExportOptions extends ConfigFlags {
  readonly name: string;
  readonly dest?: string;
  readonly deadLetters?: boolean;
}

/** `logweir queue`: what waits for forwarders, read from the data directory itself. */
export function addQueueCommand(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  const queue = program
    .command('queue')
    .description('what waits for forwarders, in the data directory itself: with a running server or without one');
  addOutputOption(addConfigOptions(queue.command('ls').description('list the delivery queues'))).action(
    (options: QueueListOptions) => inspection().listQueues(options, io),
  );
  addOutputOption(
    addConfigOptions(
      queue.command('check').description('read all that waits (exit code 1 when some of it cannot be read)'),
    ),
  ).action(async (options: QueueListOptions) => setExitCode(await inspection().checkQueues(options, io)));
  addConfigOptions(
    queue
      .command('export')
      .description('write the records of a queue, one JSON object a line, oldest first; the queue keeps them')
      .requiredOption('--name <name>', 'the forwarder whose queue it is')
      .option('--dead-letters', 'those that the destination refused for good, with the reason, instead')
      .option('--dest <file>', 'the file (default: standard output); compressed when its name ends in .gz'),
  ).action(async (options: QueueExportOptions) => setExitCode(await inspection().exportQueue(options, io)));
}

/** Loaded when it is needed: the other commands do without the databases and start in a fraction of the time. */
function inspection(): typeof Inspection {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./inspect') as typeof Inspection;
}
