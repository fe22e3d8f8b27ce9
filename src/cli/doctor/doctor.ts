import type { Command } from 'commander';
import type { CliIo } from '../cli-io';
import { addConfigOptions } from '../config-options';
import { addOutputOption } from '../output/print-rows';
import type { DoctorOptions, runChecks } from './run-checks';

export function addDoctorCommand(program: Command, io: CliIo, setExitCode: (code: number) => void): void {
  const command = program
    .command('doctor')
    .description('check the data directory and the host, and say what to do (exit code 1 when there is a problem)')
    .option('--repair', 'move stored records and queues that cannot be read to data_dir/quarantine');
  addOutputOption(addConfigOptions(command)).action(async (options: DoctorOptions) => {
    // Loaded here: the other commands do without the databases and start in a fraction of the time.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const checks = require('./run-checks') as { runChecks: typeof runChecks };
    setExitCode(await checks.runChecks(options, io));
  });
}
