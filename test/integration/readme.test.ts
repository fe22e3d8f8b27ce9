import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunningServer } from '../support/running-server';

// What the README tells a newcomer to type is typed here, with other ports.

const ROOT = path.join(__dirname, '../..');
const SECTIONS = ['Five minutes', 'A tour of the API'];
/** A few dozen commands, each done at once. */
const LIMIT_MS = 60_000;

let server: RunningServer;
let directory: string;
let token = '';

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-readme-'));
  // With a random password, as at a first start.
  server = await RunningServer.start({ settings: { 'auth.initial_password': '' } });
  await symlink(server.directory, path.join(directory, 'data'));
});

afterAll(async () => {
  await server.dispose();
  await rm(directory, { recursive: true, force: true });
});

/** The commands of some sections, in their order. */
async function commands(): Promise<string[]> {
  const text = await readFile(path.join(ROOT, 'README.md'), 'utf8');
  const sections = text.split(/^## /m).filter((section) => SECTIONS.some((title) => section.startsWith(`${title}\n`)));
  expect(sections).toHaveLength(SECTIONS.length);
  return sections.flatMap((section) => [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block));
}

function here(block: string): string {
  return (
    block
      .replaceAll('localhost:5080', `127.0.0.1:${server.port('http')}`)
      .replaceAll('localhost:9113', `127.0.0.1:${server.port('management')}`)
      .replaceAll('localhost:4318', `127.0.0.1:${server.port('otlp_http')}`)
      .replace(/-P 5514 --udp/, `-P ${server.port('syslog_udp')} --udp`)
      .replace(/-P 5514 --tcp/, `-P ${server.port('syslog_tcp')} --tcp`)
      .replaceAll('npx logweir', `'${process.execPath}' '${path.join(ROOT, 'dist/cli/main.js')}'`)
      // Watches never end; here two seconds (curl ends with 28 then) show that they begin.
      .replace(/^(curl -sN .*)$/m, '$1 --max-time 2 || [ $? = 28 ]')
      .replace(/^(.* tail .*)$/m, 'timeout 5 $1 || [ $? = 124 ]')
  );
}

function run(script: string): Promise<{ output: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LOGWEIR_API: server.url('http', '') };
    execFile(
      'bash',
      ['-c', `set -eu -o pipefail\n${script}`],
      { cwd: directory, env, timeout: LIMIT_MS },
      (error, output, errors) =>
        error === null ? resolve({ output, errors }) : reject(new Error(output + errors, { cause: error })),
    );
  });
}

test('every command of the README does what it says', async () => {
  const blocks = (await commands()).map(here);
  expect(blocks.length).toBeGreaterThan(10);
  const script = blocks.map((block) => `echo '#####'\n${block}`).join('\n');
  const { output } = await run(`${script}\necho "##### $LOGWEIR_TOKEN"`);
  token = /pat_\w{32}$/.exec(output.trim())?.[0] ?? '';
  expect(token).not.toBe('');

  // No answer is an error.
  expect(output).not.toMatch(/"status":"[A-Z_]+"/);
  // Sent by syslog, HTTP and OTLP, and found by query and tail.
  expect(output).toContain('"processed_count":2');
  for (const text of ['connection refused', 'hello over TCP']) expect(output).toContain(text);
  // The tour: trial, dry run, queries, counts, secrets, Elasticsearch, audit.
  expect(output).toContain('"records":[{"level":"error","code":"7"}]');
  expect(output).toContain('"nodeID":"web"');
  expect(output).toMatch(/^\{"timestamp":"[^"]+","fields":\{"code":"7","level":"error"\}\}$/m);
  expect(output).toContain('"values":["error"]');
  expect(output).toContain('"values":[{"value":"7","count":1}]');
  expect(output).toContain('"Authorization":"********"');
  expect(output).toContain('"errors":false');
  expect(output).toContain('"operation":"restore_all"');
  expect(output).not.toContain('s3cret');
}, 90_000);

test('what was sent is stored', async () => {
  const range = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  const url = server.url('http', `/api/v1/streams/default/logs?${range}`);
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
  const { records } = (await answer.json()) as { records: { fields: Record<string, string> }[] };
  const texts = records.map(({ fields }) => fields.content ?? fields.message ?? fields.body);
  const expected = [
    'hello over UDP',
    'hello over TCP',
    'started',
    'first line',
    'second line',
    'hello over OTLP',
    'hello',
  ];
  expect(texts).toEqual(expect.arrayContaining(expected));
});
