import Database from 'better-sqlite3';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from '../../src/cli/run';
import { memoryIo } from '../../src/cli/testing/memory-io';
import { lockDirectory } from '../../src/storage/directory-lock';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

interface Finding {
  readonly check: string;
  readonly status: string;
  readonly detail: string;
  readonly advice: string | null;
}

let directory: string;
let server: RunningServer | undefined;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-operator-'));
});
afterEach(async () => {
  await server?.end();
  server = undefined;
  await rm(directory, { recursive: true, force: true });
});

async function logweir(args: readonly string[], input = '') {
  const io = memoryIo({ input });
  const code = await run([...args, '--data-dir', directory], io);
  return { code, out: io.out(), err: io.err() };
}

async function doctor(...args: string[]): Promise<{ code: number; problems: Finding[]; findings: Finding[] }> {
  const { code, out } = await logweir(['doctor', '--output', 'json', ...args]);
  const findings = JSON.parse(out) as Finding[];
  return { code, findings, problems: findings.filter(({ status }) => status === 'problem') };
}

function count(file: string, sql: string): number {
  const database = new Database(file, { readonly: true });
  try {
    return database.prepare(sql).pluck().get() as number;
  } finally {
    database.close();
  }
}

const login = async (password: string): Promise<number> => {
  const response = await fetch(server!.url('http', '/api/v1/auth/login'), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username: 'root', password }),
  });
  return response.status;
};

test('a password is reset beside a running server, which then ends the old sessions', async () => {
  server = await RunningServer.start({ directory });
  expect((await server.api('GET', '/auth/whoami')).status).toBe(200);
  expect(await logweir(['user', 'reset-password', 'root'], 'another battery\n')).toMatchObject({ code: 0 });
  expect(await login('another battery')).toBe(200);
  expect(await login('correct horse battery')).toBe(401);
  expect((await server.api('GET', '/auth/whoami')).status).toBe(401);
  expect(await logweir(['user', 'reset-password', 'nobody'], 'x\n')).toMatchObject({ code: 5 });
  expect((await logweir(['user', 'reset-password', 'root'], 'short\n')).err).toMatch(/a password must have 8 to/);
}, 30_000);

test('a password cannot be reset where there are no users', async () => {
  const { code, err } = await logweir(['user', 'reset-password', 'root'], 'x\n');
  expect(code).toBe(5);
  expect(err).toMatch(/there is no .*auth\.db/);
  expect(await readdir(directory)).toEqual([]);
});

test('the doctor finds what is damaged, moves it out, and the rest goes on', async () => {
  server = await RunningServer.start({ directory, settings: { 'storage.journal.max_age': '100' } });
  const segments = (): Promise<number> =>
    Promise.resolve(
      count(
        path.join(directory, 'logs.db'),
        "SELECT count(*) FROM segments JOIN streams ON stream_id = streams.id WHERE name = 'default'",
      ),
    );
  const send = (n: number) =>
    server!.api('POST', '/pipelines/default/logs/struct', { records: [{ n: String(n) }, { n: String(n) }] });
  for (let n = 0; n < 3; n++) {
    await send(n);
    await until(async () => (await segments()) > n);
  }
  expect(await doctor()).toMatchObject({ code: 0, problems: [] });
  await server.end();

  const database = new Database(path.join(directory, 'logs.db'));
  const ids = database
    .prepare("SELECT id FROM segments WHERE stream_id = (SELECT id FROM streams WHERE name = 'default') ORDER BY id")
    .pluck()
    .all() as number[];
  database.prepare("UPDATE segment_columns SET data = NULL, dictionary = x'00' WHERE segment_id = ?").run(ids[0]);
  database.close();
  await chmod(path.join(directory, 'secret-key'), 0o644);

  const found = await doctor();
  expect(found.code).toBe(1);
  expect(found.problems.map(({ check }) => check)).toEqual([
    `mode of ${path.join(directory, 'secret-key')}`,
    'stored records',
  ]);
  expect(found.problems[1]!.detail).toMatch(/records in .* cannot be read: segment \d+ of stream "default": checksum/);

  await chmod(path.join(directory, 'secret-key'), 0o600);
  expect((await doctor('--repair')).problems).toEqual([]);
  expect(await doctor()).toMatchObject({ code: 0, problems: [] });
  const [moved] = await readdir(path.join(directory, 'quarantine')).then((names) =>
    names.filter((name) => name.endsWith('.db')),
  );
  const quarantine = new Database(path.join(directory, 'quarantine', moved!), { readonly: true });
  expect(quarantine.prepare('SELECT id FROM segments').pluck().all()).toEqual([ids[0]]);
  quarantine.close();
  server = await RunningServer.start({ directory });
  expect((await server.records()).length).toBeLessThan(6);
  await send(4);
  expect((await server.records('default', 'n == "4"')).length).toBe(2);
}, 60_000);

test('records that cannot be opened at all stop the start, until the doctor has moved them out', async () => {
  server = await RunningServer.start({ directory });
  await server.end();
  await writeFile(path.join(directory, 'logs.db'), Buffer.alloc(20_000, 'x'));
  await expect(RunningServer.start({ directory })).rejects.toThrow(
    `logs.db: file is not a database\nlogweir doctor --data-dir ${directory} says what can be done`,
  );
  const found = await doctor();
  expect(found.problems.find(({ check }) => check === 'database logs.db')?.advice).toContain('logweir doctor --repair');
  expect((await doctor('--repair')).problems).toEqual([]);
  expect(await readdir(path.join(directory, 'quarantine'))).toEqual([expect.stringMatching(/^logs-.*\.db$/)]);
  server = await RunningServer.start({ directory });
  await server.api('POST', '/pipelines/default/logs/struct', { records: [{ n: '1' }] });
  expect(await server.records()).toHaveLength(1);

  await server.end();
  await writeFile(path.join(directory, 'queue.db'), Buffer.alloc(20_000, 'x'));
  const lock = lockDirectory(directory);
  try {
    const beside = await doctor('--repair');
    const advice = beside.problems.find(({ check }) => check === 'database queue.db')?.advice;
    expect(advice).toMatch(/not repaired: another Logweir is running/);
  } finally {
    lock.release();
  }
}, 60_000);

test('the doctor says what else is wrong', async () => {
  expect((await doctor('--set', 'syslog.tcp.bind=:514')).findings.map(({ check }) => check)).toContain(
    'port 514 of syslog.tcp.bind',
  );
  const file = path.join(directory, 'certificate.pem');
  await writeFile(file, 'nonsense');
  const unreadable = await doctor('--set', `http.tls.cert=${file}`, '--set', `http.tls.key=${file}`);
  expect(unreadable.problems.map(({ check }) => check)).toEqual(['certificate of http.tls']);
  expect(await logweir(['doctor', '--set', 'storage.reserve=1000GiB'])).toMatchObject({
    code: 1,
    out: expect.stringMatching(/problem {2}free space: .*no records are taken\n.*-> free space/) as string,
  });
});
