import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../src/cli/run';
import { memoryIo } from '../../src/cli/testing/memory-io';
import { RunningServer } from '../support/running-server';

let server: RunningServer;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'logweir-home-'));
  server = await RunningServer.start();
});

afterAll(async () => {
  await server.dispose();
  await rm(home, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command as a person would: with a home of its own, and no token in the environment. */
async function logweir(line: string, input = ''): Promise<Outcome> {
  const io = memoryIo({ env: { HOME: home, LOGWEIR_API: server.url('http', '') }, cwd: home, input });
  const code = await run(line.split(' '), io);
  return { code, out: io.out(), err: io.err() };
}

test('a working day on the command line', async () => {
  expect((await logweir('stream ls')).code).toBe(4);
  expect((await logweir('login', 'wrong password\n')).code).toBe(4);
  const login = await logweir('login', 'correct horse battery\n');
  expect([login.code, login.err]).toEqual([0, '']);

  // Records in, out, and in again.
  const records = Array.from({ length: 100 }, (_, n) => `{"n":"${n}","level":"${n % 2 === 0 ? 'info' : 'error'}"}\n`);
  expect((await logweir('stream import', records.join(''))).err).toBe('sent 100 records\n');
  expect((await logweir('stream export --filter level=="error" --dest errors.gz')).code).toBe(0);
  expect((await logweir('stream import --input errors.gz')).err).toBe('sent 50 records\n');
  const history = await logweir('stream history --from now-1h --output json');
  expect(history.out.trim().split('\n')).toHaveLength(150);
  expect((await logweir('stream index --field level')).code).toBe(0);
  expect((await logweir('stream set --ttl 3600')).code).toBe(0);
  expect((await logweir('stream ls --output logfmt')).out).toContain(
    'name=default ttl=3600 size=0 indexed_fields=level\n',
  );
  expect((await logweir('stream tail --index level=info')).out.trim().split('\n')).toHaveLength(50);

  // Configuration out and in.
  const flow = await logweir('pipeline export --format json');
  expect((await logweir('pipeline import --name copy', flow.out)).code).toBe(0);
  expect((await logweir('pipeline ls --output logfmt')).out).toBe('name=copy\nname=default\n');
  expect((await logweir('transformer import --name t', '.a = 1')).code).toBe(0);
  expect((await logweir('transformer cat --name t')).out).toBe('.a = 1\n');
  expect((await logweir('transformer cat --name unknown')).code).toBe(5);
  expect((await logweir('acl user add --username guest', 'guest password\n')).code).toBe(0);
  expect((await logweir('acl role add --name reader')).code).toBe(0);
  expect((await logweir('acl role grant --name reader --permission read_streams')).code).toBe(0);
  expect((await logweir('acl user grant --username guest --rolename reader')).code).toBe(0);
  expect((await logweir('acl user ls --output logfmt')).out).toContain('name=guest roles=reader\n');
  expect((await logweir('system-config update --syslog-allowed-origin 127.0.0.1')).code).toBe(0);
  expect((await logweir('system-config show --output json')).out).toContain('127.0.0.1');
  const token = (await logweir('token create --name ci')).out.trim();
  expect((await logweir(`pipeline ls --token ${token}`)).code).toBe(0);

  // What is lost comes back.
  expect((await logweir('admin backup')).code).toBe(0);
  expect((await logweir('admin backup all')).code).toBe(0);
  expect((await readdir(path.join(home, 'backup'))).sort()).toEqual(['auth.db', 'config.db', 'logs.db', 'logweir.tar']);
  for (const line of [
    'stream purge',
    'pipeline rm --name copy',
    'transformer rm --name t',
    'acl user rm --username guest',
  ]) {
    expect([line, (await logweir(line)).code]).toEqual([line, 0]);
  }
  expect((await logweir('stream history')).out).toBe('');
  expect((await logweir('admin restore')).code).toBe(0);
  // Restored users whose password and roles are the same stay logged in.
  expect((await logweir('pipeline ls')).code).toBe(0);
  expect((await logweir(`pipeline ls --output logfmt --token ${token}`)).out).toBe('name=copy\nname=default\n');
  expect((await logweir(`stream history --token ${token}`)).out.trim().split('\n')).toHaveLength(150);
  expect((await logweir(`admin restore all --token ${token}`)).code).toBe(0);
  expect((await readFile(path.join(home, '.config/logweir/credentials.json'), 'utf8')).length).toBeGreaterThan(0);
}, 60_000);
