import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { until } from '../support/until';

const run = promisify(execFile);
const PROJECT = path.join(__dirname, '../..');
const TOOLS = ['dpkg', 'dpkg-deb', 'systemd-sysusers'];

/** A list of thousands of files. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

function hasTool(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

const missing = TOOLS.filter((tool) => !hasTool(tool));
// dpkg gives files to root, which only root may do.
if (process.getuid?.() !== 0) missing.push('root');
const whenPossible = missing.length === 0 ? test : test.skip;
const title = missing.length === 0 ? '' : ` (skipped without ${missing.join(', ')})`;

let directory: string;
let root: string;
/** The package as it is now, and the same sources as the version after it. */
let first: string;
let second: string;
/** What lintian says of the first, while the other tests run. */
let lint: Promise<{ stdout: string; code: number }>;

const lintWhenPossible = missing.length === 0 && hasTool('lintian') ? test : test.skip;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-package-'));
  root = path.join(directory, 'root');
  await mkdir(path.join(root, 'var/lib/dpkg/info'), { recursive: true });
  await mkdir(path.join(root, 'var/lib/dpkg/updates'));
  await mkdir(path.join(root, 'etc'));
  await writeFile(path.join(root, 'var/lib/dpkg/status'), '');
  if (missing.length > 0) return;
  first = await buildPackage('0.1.0');
  lint = lintian(first);
  second = await buildPackage('0.1.1~test');
}, 300_000);

afterAll(async () => {
  await lint;
  await rm(directory, { recursive: true, force: true });
}, 300_000);

/** dpkg in the throw-away root: maintainer scripts run outside of it and are told where it is (DPKG_ROOT). */
async function dpkg(...args: string[]): Promise<void> {
  const options = ['--force-script-chrootless', '--force-depends', '--log=/dev/null'];
  await run('dpkg', [`--root=${root}`, ...options, ...args]);
}

async function buildPackage(version: string): Promise<string> {
  const args = ['scripts/package-deb.js', '--out', directory, '--version', version, '--compression', 'gzip'];
  const { stdout } = await run(process.execPath, args, {
    cwd: PROJECT,
    env: { ...process.env, SOURCE_DATE_EPOCH: '1700000000' },
  });
  return stdout.trim();
}

function lintian(file: string): Promise<{ stdout: string; code: number }> {
  if (!hasTool('lintian')) return Promise.resolve({ stdout: '', code: 0 });
  return run('lintian', ['--allow-root', '--fail-on', 'error', file], { maxBuffer: MAX_OUTPUT_BYTES }).then(
    ({ stdout }) => ({ stdout, code: 0 }),
    ({ stdout, code }: { stdout: string; code: number }) => ({ stdout, code }),
  );
}

/** Names, modes, sizes and times of all that a package holds, in its order. */
async function contentsOf(file: string): Promise<string[]> {
  const { stdout } = await run('dpkg-deb', ['--contents', file], { maxBuffer: MAX_OUTPUT_BYTES });
  return stdout.trimEnd().split('\n');
}

/** The installed program, with the installed settings but for ports and the data's place in the root. */
class InstalledServer {
  #output = '';

  private constructor(readonly process: ChildProcess) {}

  static async start(): Promise<InstalledServer> {
    const settings = {
      data_dir: path.join(root, 'var/lib/logweir'),
      'auth.initial_password': 'correct horse battery',
      'http.bind': '127.0.0.1:0',
      'syslog.udp.bind': '127.0.0.1:0',
      'syslog.tcp.bind': '127.0.0.1:0',
      'management.bind': 'off',
      'otlp.http.bind': 'off',
      'otlp.grpc.bind': 'off',
    };
    const flags = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const main = path.join(root, 'usr/lib/logweir/dist/cli/main.js');
    const config = path.join(root, 'etc/logweir/logweir.yaml');
    const child = spawn(process.execPath, [main, 'serve', '--config', config, ...flags], { stdio: 'pipe' });
    const server = new InstalledServer(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (server.#output += chunk.toString()));
    }
    await until(() => server.#output.includes('is ready') || child.exitCode !== null, 60_000);
    if (child.exitCode !== null) throw new Error(server.#output);
    return server;
  }

  address(listener: string): string {
    return new RegExp(`${listener}=(\\S+)`).exec(this.#output)?.[1] ?? '';
  }

  port(listener: string): number {
    return Number(this.address(listener).split(':')[1]);
  }

  async contents(): Promise<string[]> {
    const api = `http://${this.address('http')}/api/v1`;
    const login = await fetch(`${api}/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'root', password: 'correct horse battery' }),
    });
    const { token } = (await login.json()) as { token: string };
    const span = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
    const answer = await fetch(`${api}/streams/default/logs?${span}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const { records } = (await answer.json()) as { records?: { fields: Record<string, string> }[] };
    return (records ?? []).map(({ fields }) => fields.content ?? '').sort();
  }

  async stop(): Promise<void> {
    const exited = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await exited;
  }
}

whenPossible(
  `the package is installed, runs, is upgraded with its data in place, removed and purged${title}`,
  async () => {
    await dpkg('--install', first);
    expect(await readFile(path.join(root, 'etc/passwd'), 'utf8')).toMatch(/^logweir:.*nologin$/m);
    for (const file of [
      'usr/bin/logweir',
      'lib/systemd/system/logweir.service',
      'usr/share/man/man1/logweir-serve.1.gz',
      'usr/share/bash-completion/completions/logweir',
    ]) {
      expect([file, existsSync(path.join(root, file))]).toEqual([file, true]);
    }

    let server = await InstalledServer.start();
    const datagram = createSocket('udp4');
    datagram.send('<13>Oct 11 22:14:15 h a: by UDP', server.port('syslog_udp'), '127.0.0.1', () => datagram.close());
    connect(server.port('syslog_tcp'), '127.0.0.1').end('<13>Oct 11 22:14:15 h a: by TCP\n');
    await until(async () => (await server.contents()).length === 2);
    expect(await server.contents()).toEqual(['by TCP', 'by UDP']);
    await server.stop();

    const settings = path.join(root, 'etc/logweir/logweir.yaml');
    await writeFile(settings, `${await readFile(settings, 'utf8')}# ours\n`);
    await dpkg('--install', second);
    expect(await readFile(settings, 'utf8')).toMatch(/# ours\n$/);
    server = await InstalledServer.start();
    expect(await server.contents()).toEqual(['by TCP', 'by UDP']);
    await server.stop();

    await dpkg('--remove', 'logweir');
    expect(existsSync(path.join(root, 'usr/bin/logweir'))).toBe(false);
    expect(existsSync(path.join(root, 'var/lib/logweir/logs.db'))).toBe(true);
    expect(existsSync(settings)).toBe(true);
    // As an administrator enables it.
    const enabled = path.join(root, 'etc/systemd/system/sockets.target.wants/logweir.socket');
    await mkdir(path.dirname(enabled), { recursive: true });
    await symlink('/lib/systemd/system/logweir.socket', enabled);
    await dpkg('--purge', 'logweir');
    expect(await readdir(path.dirname(enabled))).toEqual([]);
    expect(existsSync(path.join(root, 'var/lib/logweir'))).toBe(false);
    expect(existsSync(path.join(root, 'etc/logweir'))).toBe(false);
  },
  120_000,
);

whenPossible(
  `the same sources give the same package but for its version${title}`,
  async () => {
    const [before, after] = await Promise.all([contentsOf(first), contentsOf(second)]);
    const nameOf = (line: string): string => line.split(/\s+/)[5] ?? '';
    const changed = before.filter((line, index) => line !== after[index]).map(nameOf);
    expect(after.map(nameOf)).toEqual(before.map(nameOf));
    // Manual pages and the changelog name the version.
    expect(changed.filter((name) => !/^\.\/usr\/share\/(man|doc)\//.test(name))).toEqual([]);
    expect(before.length).toBeGreaterThan(1_000);
  },
  60_000,
);

lintWhenPossible(
  'lintian finds no errors in the package, and nothing in its manual pages',
  async () => {
    const { stdout, code } = await lint;
    expect(stdout).not.toMatch(/^E: |groff|manual-page|manpage/m);
    expect(code).toBe(0);
  },
  300_000,
);

whenPossible(`a package for a processor that native modules are not built for is refused${title}`, async () => {
  const other = process.arch === 'x64' ? 'arm64' : 'amd64';
  const args = ['scripts/package-deb.js', '--out', directory, '--arch', other];
  await expect(run(process.execPath, args, { cwd: PROJECT })).rejects.toMatchObject({
    stderr: expect.stringContaining('native modules here are built for') as string,
  });
});
