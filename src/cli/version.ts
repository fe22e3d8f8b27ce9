import type { Command } from 'commander';
import { print, type CliIo } from './cli-io';
import { packageVersion } from './package-version';

export function addVersionCommand(program: Command, io: CliIo): void {
  program
    .command('version')
    .description('show the version')
    .action(() =>
      print(
        io.stdout,
        `logweir ${packageVersion()} (Node.js ${process.version}, ${process.platform} ${process.arch})\n`,
      ),
    );
}
