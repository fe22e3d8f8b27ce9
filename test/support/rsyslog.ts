import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** An rsyslog that tests can start. */
export interface Rsyslog {
  readonly program: string;
  /** To be put before other arguments: where its modules are. */
  readonly arguments: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The installed rsyslog, or the one that `.ci/unpack-rsyslog` left in the directory that RSYSLOG_ROOT names; undefined
 * when there is none, or one without a module that is needed.
 *
 * @param modules such as `omrelp`
 */
export function findRsyslog(modules: readonly string[] = []): Rsyslog | undefined {
  const root = process.env.RSYSLOG_ROOT;
  for (const base of root === undefined ? ['/'] : [root, '/']) {
    const program = path.join(base, 'usr/sbin/rsyslogd');
    const folder = moduleFolder(path.join(base, 'usr/lib'));
    if (!existsSync(program) || folder === undefined) continue;
    if (!modules.every((name) => existsSync(path.join(folder, `${name}.so`)))) continue;
    const env = { ...process.env, LD_LIBRARY_PATH: path.dirname(folder) };
    if (spawnSync(program, ['-v'], { env }).status === 0) return { program, arguments: ['-M', folder], env };
  }
  return undefined;
}

/** `/usr/lib/<architecture>/rsyslog`, or `/usr/lib/rsyslog`. */
function moduleFolder(libraries: string): string | undefined {
  if (!existsSync(libraries)) return undefined;
  return [libraries, ...readdirSync(libraries).map((name) => path.join(libraries, name))]
    .map((folder) => path.join(folder, 'rsyslog'))
    .find((folder) => existsSync(path.join(folder, 'imptcp.so')) || existsSync(path.join(folder, 'lmnet.so')));
}
