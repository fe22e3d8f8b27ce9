import Database from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunningServer } from '../support/running-server';

// Data directories of released versions, as scripts/make-data-fixture.js made them with each.
const FIXTURES = path.join(__dirname, '../fixtures');
const RELEASES = readdirSync(FIXTURES)
  .map((name) => /^data-(.+)\.tar\.gz$/.exec(name)?.[1])
  .filter((version) => version !== undefined);
const DATABASES = ['auth.db', 'config.db', 'logs.db', 'queue.db'];
const MAIN = path.join(__dirname, '../../dist/cli/main.js');

interface Facts {
  readonly token: string;
  readonly password: string;
  readonly records: number;
}

function unpack(version: string, directory: string): string {
  const archive = path.join(FIXTURES, `data-${version}.tar.gz`);
  const { status, stderr } = spawnSync('tar', ['-C', directory, '-xzf', archive], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return path.join(directory, `data-${version}`);
}

test('there is a data directory of a released version', () => {
  expect(RELEASES.length).toBeGreaterThan(0);
});

describe.each(RELEASES)('data of version %s', (version) => {
  const facts = JSON.parse(readFileSync(path.join(FIXTURES, `data-${version}.json`), 'utf8')) as Facts;
  let directory: string;
  let server: RunningServer;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'logweir-upgrade-'));
    server = await RunningServer.start({ directory: unpack(version, directory) });
  }, 60_000);

  afterAll(async () => {
    await server.end();
    await rm(directory, { recursive: true, force: true });
  });

  it('has its users, roles and tokens', async () => {
    const whoami = await fetch(server.url('http', '/api/v1/auth/whoami'), {
      headers: { Authorization: `Bearer ${facts.token}` },
    });
    expect(await whoami.json()).toMatchObject({ user: { name: 'root' } });
    const login = await fetch(server.url('http', '/api/v1/auth/login'), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'ada', password: 'ada and her engine' }),
    });
    expect(login.status).toBe(200);
    expect((await server.api('GET', '/roles')).body).toMatchObject({
      roles: expect.arrayContaining([{ name: 'reader', scopes: ['read_streams'] }]) as unknown,
    });
  });

  it('has its records, sealed ones and those of the journal, and takes more', async () => {
    const numbers = async (): Promise<string[]> => (await server.records()).map(({ fields }) => fields.n ?? '');
    const expected = Array.from({ length: facts.records }, (_, n) => String(n));
    expect((await numbers()).sort()).toEqual([...expected].sort());
    expect((await server.records('default', 'level == "error"')).length).toBe(Math.ceil(facts.records / 3));
    const more = { records: [{ n: String(facts.records), level: 'info' }] };
    expect((await server.api('POST', '/pipelines/default/logs/struct', more)).status).toBe(200);
    expect((await numbers()).sort()).toEqual([...expected, String(facts.records)].sort());
    expect((await server.api('GET', '/streams/default')).body).toMatchObject({
      config: { ttl: 0, size: 512, indexed_fields: ['level'] },
    });
  });

  it('has its pipelines, transformers and forwarders, with what they have to deliver', async () => {
    expect((await server.api('GET', '/pipelines')).body).toMatchObject({ pipelines: ['default', 'forwarding'] });
    expect((await server.api('GET', '/transformers/tag')).body).toMatchObject({ script: '.tagged = "yes"' });
    expect((await server.api('GET', '/forwarders/waiting')).body).toMatchObject({
      forwarder: { config: { type: 'http', headers: { Authorization: '********' } } },
    });
    expect((await server.api('GET', '/forwarders/waiting/queue')).body).toMatchObject({
      queue: { length: 3, unavailable_reason: null },
    });
    const letters = (await server.api('GET', '/forwarders/refused/dead-letters')).body as { dead_letters: object[] };
    expect(letters.dead_letters.length).toBe(3);
  });
});

describe('a data directory of a later version', () => {
  let directory: string;
  let data: string;

  beforeAll(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'logweir-newer-'));
    data = unpack(RELEASES[0]!, directory);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function change(file: string, sql: string): void {
    const database = new Database(path.join(data, file));
    database.exec(sql);
    database.close();
  }

  /** All of a database but how often it was written to (SQLite's file format, section 1.3: offsets 24 and 92). */
  function contentsOf(file: string): Buffer {
    return readFileSync(path.join(data, file)).fill(0, 24, 28).fill(0, 92, 96);
  }

  it.each(DATABASES)(
    'is refused when %s has a schema step that is unknown, and stays as it is',
    (file) => {
      change(file, "INSERT INTO knex_migrations (name, batch, migration_time) VALUES ('999-later', 9, 0)");
      try {
        const before = contentsOf(file);
        const flags = ['http', 'management', 'syslog.udp', 'syslog.tcp', 'otlp.http', 'otlp.grpc'].flatMap(
          (listener) => ['--set', `${listener}.bind=off`],
        );
        const { status, stderr } = spawnSync(process.execPath, [MAIN, 'serve', '--data-dir', data, ...flags], {
          encoding: 'utf8',
          timeout: 60_000,
        });
        expect(status).toBe(1);
        expect(stderr).toMatch(
          /^logweir cannot start: .*written by a newer version of Logweir \(schema step "999-later".*install that version/m,
        );
        expect(contentsOf(file).equals(before)).toBe(true);
      } finally {
        change(file, "DELETE FROM knex_migrations WHERE name = '999-later'");
      }
    },
    60_000,
  );
});
