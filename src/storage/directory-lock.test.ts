import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lockDirectory } from './directory-lock';

let directory: string;
beforeEach(() => (directory = mkdtempSync(path.join(tmpdir(), 'logweir-lock-'))));
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true });
});

test('a data directory is taken once, and free again when it is released', () => {
  const lock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }));
  lock.release();
  lockDirectory(directory).release();
});

test('a process that was killed leaves no lock behind', () => {
  const script =
    "const D = require('better-sqlite3'); const d = new D(process.argv[1]); d.exec('BEGIN EXCLUSIVE'); process.kill(process.pid, 'SIGKILL')";
  const { signal } = spawnSync(process.execPath, ['-e', script, path.join(directory, 'lock')], {
    cwd: path.join(__dirname, '../..'),
  });
  expect(signal).toBe('SIGKILL');
  lockDirectory(directory).release();
});

test('a directory that cannot be written is told apart', () => {
  expect(() => lockDirectory(path.join(directory, 'none'))).toThrow();
});
