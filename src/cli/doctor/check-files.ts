import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { checkDatabase } from '../../storage/check-database';
import { lockDirectory } from '../../storage/directory-lock';
import { measureSpace } from '../../storage/disk-space';
import { StorageError } from '../../storage/errors';
import { setAside } from '../../storage/set-aside';
import type { Finding } from './finding';

const GROUP_AND_OTHERS = 0o077;
const DATABASE = /\.db$/;
/** Databases and keys; what others keep beside them is their business. */
const OURS = /\.db(-wal|-shm)?$|^queue-spool$|^secret-key$|^initial-password$/;
const DEFAULT_RESERVE_BYTES = 256 * 1024 * 1024;

/** Databases in the data directory; those of other kinds than the three first are found by their names. */
export async function databasesIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => DATABASE.test(name)).sort();
}

/** Databases without which the service does its work, if only with less to tell. */
const MAY_BE_MOVED = new Set(['logs.db', 'queue.db']);

/** Each database by SQLite's own check; with `repair`, records and queues that cannot be opened at all are moved out. */
export async function checkDatabases(directory: string, repair: boolean): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of await databasesIn(directory)) {
    const check = `database ${name}`;
    try {
      const problems = await checkDatabase(path.join(directory, name));
      if (problems.length === 0) findings.push({ check, status: 'ok', detail: 'is sound' });
      else {
        findings.push({
          check,
          status: 'problem',
          detail: problems.join('; '),
          advice:
            'stop the service, keep a copy of the data directory, and restore the last backup (logweir admin restore)',
        });
      }
    } catch (error) {
      findings.push(await unreadable(directory, name, error as Error, repair));
    }
  }
  if (findings.length === 0) {
    findings.push({
      check: 'databases',
      status: 'warning',
      detail: `there are none in ${directory}`,
      advice: 'nothing has run here yet, or the data directory is another one: --data-dir or --config',
    });
  }
  return findings;
}

async function unreadable(directory: string, name: string, error: Error, repair: boolean): Promise<Finding> {
  const finding: Finding = {
    check: `database ${name}`,
    status: 'problem',
    detail: error.message,
    advice: MAY_BE_MOVED.has(name)
      ? 'stop the service, run logweir doctor --repair, which moves it out, start the service and restore the last backup'
      : `stop the service, move ${name} away, start the service and restore the last backup`,
  };
  if (!repair || !MAY_BE_MOVED.has(name) || !(error instanceof StorageError) || error.code !== 'CORRUPT_DATA') {
    return finding;
  }
  try {
    // Never below a server that has it open.
    const lock = lockDirectory(directory);
    try {
      const target = await setAside(path.join(directory, name));
      return {
        ...finding,
        status: 'warning',
        advice: `moved to ${target}; start the service and restore the last backup`,
      };
    } finally {
      lock.release();
    }
  } catch (failure) {
    return { ...finding, advice: `not repaired: ${(failure as Error).message}` };
  }
}

/** Free space against the reserve. */
export async function checkSpace(directory: string, reserve: number): Promise<Finding> {
  const { free, size } = await measureSpace(directory);
  const wanted = reserve > 0 ? reserve : Math.min(DEFAULT_RESERVE_BYTES, size / 100);
  const detail = `${mib(free)} MiB of ${mib(size)} MiB are free, the reserve is ${mib(wanted)} MiB`;
  const advice = 'free space, give the streams a ttl or a size (logweir stream set), or move data_dir to a larger disk';
  if (free < wanted)
    return { check: 'free space', status: 'problem', detail: `${detail}: no records are taken`, advice };
  if (free < 2 * wanted) return { check: 'free space', status: 'warning', detail, advice };
  return { check: 'free space', status: 'ok', detail };
}

/** Modes and owners: what is open to others, and what the service cannot use. */
export async function checkModes(directory: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  const folder = await stat(directory);
  const names = (await readdir(directory)).filter((name) => OURS.test(name));
  for (const [name, status] of [
    ['', folder] as const,
    ...(await Promise.all(names.map(async (name) => [name, await stat(path.join(directory, name))] as const))),
  ]) {
    const file = path.join(directory, name);
    if ((status.mode & GROUP_AND_OTHERS) !== 0) {
      const mode = (status.mode & 0o777).toString(8);
      findings.push({
        check: `mode of ${file}`,
        status: 'problem',
        detail: `is ${mode}: others can get at hashes, keys or records`,
        advice: `chmod ${status.isDirectory() ? '700' : '600'} ${file}`,
      });
    }
    if (status.uid !== folder.uid) {
      findings.push({
        check: `owner of ${file}`,
        status: 'problem',
        detail: `is user ${status.uid}, of the folder user ${folder.uid}: the service may be unable to write it`,
        advice: `chown --reference=${directory} ${file}`,
      });
    }
  }
  if (findings.length === 0)
    findings.push({ check: 'modes and owners', status: 'ok', detail: 'only the service gets at its files' });
  return findings;
}

function mib(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}
