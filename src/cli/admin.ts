import { access, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Argument, type Command } from 'commander';
import { NotFoundError } from './cli-error';
import { print, type CliIo } from './cli-io';
import { addClientOptions, createClient, type ClientOptions } from './client-options';
import { download } from './transfer/download';
import { formatBytes } from './transfer/progress-bar';
import { uploadFile } from './transfer/upload';

/** Backups hold password hashes and records. */
const DIRECTORY_MODE = 0o700;

/** What can be backed up on its own, and the name of its file. */
const FILES = { config: 'config.db', logs: 'logs.db', auth: 'auth.db', all: 'logweir.tar' } as const;
type Kind = keyof typeof FILES;

/**
 * Everything in single files. Users come last: restoring them may end the very token that restores the others.
 */
const SINGLE_FILES: readonly Kind[] = ['config', 'logs', 'auth'];

export function addAdminCommand(program: Command, io: CliIo): void {
  const admin = program.command('admin').description('backup and restore over the API, while the server runs');
  addKind(admin.command('backup').description('copy what the server keeps into files'))
    .option('--dest <folder>', 'where the files go', './backup')
    .action((kind: Kind | undefined, options: ClientOptions & { dest: string }) => backup(kind, options, io));
  addKind(admin.command('restore').description('put a backup in the place of what the server keeps'))
    .option('--src <folder>', 'where the files are', './backup')
    .action((kind: Kind | undefined, options: ClientOptions & { src: string }) => restore(kind, options, io));
}

function addKind(command: Command): Command {
  return addClientOptions(command).addArgument(
    new Argument(
      '[what]',
      'auth, config or logs: one of auth.db, config.db, logs.db; all: everything in one logweir.tar, restored as a whole or ' +
        'not at all; without it: the three files',
    ).choices(Object.keys(FILES)),
  );
}

async function backup(
  kind: Kind | undefined,
  options: ClientOptions & { readonly dest: string },
  io: CliIo,
): Promise<void> {
  const client = createClient(options, io);
  const folder = path.resolve(io.cwd, options.dest);
  await mkdir(folder, { recursive: true, mode: DIRECTORY_MODE });
  for (const name of kind === undefined ? SINGLE_FILES : [kind]) {
    const file = path.join(folder, FILES[name]);
    const { bytes } = await download(client, `/backup/${name}`, file, { label: FILES[name] }, io);
    await print(io.stderr, `${file}: ${formatBytes(bytes)}\n`);
  }
}

async function restore(
  kind: Kind | undefined,
  options: ClientOptions & { readonly src: string },
  io: CliIo,
): Promise<void> {
  const client = createClient(options, io);
  const folder = path.resolve(io.cwd, options.src);
  const kinds = kind === undefined ? SINGLE_FILES : [kind];
  // Before anything is changed.
  for (const name of kinds) {
    const file = path.join(folder, FILES[name]);
    await access(file).catch(() => {
      throw new NotFoundError(`there is no ${file}; nothing was restored`);
    });
  }
  for (const name of kinds) {
    await uploadFile(client, `/restore/${name}`, path.join(folder, FILES[name]), io);
    await print(io.stderr, `restored ${name}\n`);
  }
}
