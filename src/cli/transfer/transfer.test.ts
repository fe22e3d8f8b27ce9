import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { run } from '../run';
import { sendJson, startFakeApi, type FakeApi, type SeenRequest } from '../testing/fake-api';
import { memoryIo } from '../testing/memory-io';
import { formatBytes } from './progress-bar';
import { readLines } from './read-lines';

let api: FakeApi | undefined;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'logweir-transfer-'));
});
afterEach(async () => {
  await api?.close();
  rmSync(folder, { recursive: true });
});

type Answer = (request: SeenRequest, response: ServerResponse) => void;

async function runAgainst(answer: Answer, args: readonly string[], given: { terminal?: boolean; input?: string } = {}) {
  await api?.close();
  api = await startFakeApi(answer);
  const io = memoryIo({ env: { LOGWEIR_API: api.base, LOGWEIR_TOKEN: 'pat_x' }, cwd: folder, ...given });
  const code = await run(args, io);
  return { code, out: io.out(), err: io.err(), requests: api.requests };
}

const file = (name: string) => readFileSync(path.join(folder, name), 'utf8');

describe('logweir admin backup', () => {
  const send: Answer = ({ url }, response) => void response.end(`content of ${url.pathname}`);

  it('writes three files for their owner alone', async () => {
    const { code, err, requests } = await runAgainst(send, ['admin', 'backup']);
    expect([code, err.split('\n').length]).toEqual([0, 4]);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer pat_x'));
    expect(readdirSync(path.join(folder, 'backup')).sort()).toEqual(['auth.db', 'config.db', 'logs.db']);
    expect(file('backup/logs.db')).toBe('content of /api/v1/backup/logs');
    expect(statSync(path.join(folder, 'backup/auth.db')).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(folder, 'backup')).mode & 0o777).toBe(0o700);
  });

  it('writes one archive of everything', async () => {
    expect((await runAgainst(send, ['admin', 'backup', 'all', '--dest', '.'])).code).toBe(0);
    expect(readdirSync(folder)).toEqual(['logweir.tar']);
  });

  it.each<[string, Answer, number]>([
    [
      'breaks off',
      (_request, response) => {
        response.writeHead(200, { 'Content-Length': 1000 });
        response.write('half', () => response.destroy());
      },
      3,
    ],
    ['is refused', (_request, response) => sendJson(response, 403, { error: 'permission denied' }), 4],
  ])('leaves the file of an earlier backup when the answer %s', async (_case, answer, code) => {
    writeFileSync(path.join(folder, 'auth.db'), 'earlier');
    const result = await runAgainst(answer, ['admin', 'backup', 'auth', '--dest', '.']);
    expect(result.code).toBe(code);
    expect(readdirSync(folder)).toEqual(['auth.db']);
    expect(file('auth.db')).toBe('earlier');
  });

  it('says that it cannot write', async () => {
    mkdirSync(path.join(folder, 'auth.db'));
    const { code, err } = await runAgainst(send, ['admin', 'backup', 'auth', '--dest', '.']);
    expect(code).toBe(1);
    expect(err).toMatch(/cannot write .*auth\.db: EISDIR/);
  });

  it('shows how far it is on a terminal, and takes that away', async () => {
    const { err } = await runAgainst(send, ['admin', 'backup', 'auth', '--dest', '.'], { terminal: true });
    expect(err).toMatch(/^\r\u001b\[Kauth\.db[^]*\r\u001b\[K\/.*auth\.db: 30 B\n$/);
  });
});

describe('logweir admin restore', () => {
  beforeEach(() => {
    for (const name of ['auth.db', 'config.db', 'logs.db']) writeFileSync(path.join(folder, name), `bytes of ${name}`);
  });
  const done: Answer = (_request, response) => sendJson(response, 200, { success: true });

  it('sends the files as forms, users last', async () => {
    const { code, requests } = await runAgainst(done, ['admin', 'restore', '--src', '.']);
    expect(code).toBe(0);
    expect(requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'POST /api/v1/restore/config',
      'POST /api/v1/restore/logs',
      'POST /api/v1/restore/auth',
    ]);
    for (const { body, headers } of requests) {
      const form = await new Response(body, { headers: { 'Content-Type': headers['content-type']! } }).formData();
      const part = form.get('backup') as File;
      expect(await part.text()).toBe(`bytes of ${part.name}`);
    }
  });

  it('restores nothing when a file is missing', async () => {
    rmSync(path.join(folder, 'auth.db'));
    const { code, err, requests } = await runAgainst(done, ['admin', 'restore', '--src', '.']);
    expect([code, requests]).toEqual([5, []]);
    expect(err).toMatch(/there is no .*auth\.db; nothing was restored/);
  });

  it('sends an empty file', async () => {
    writeFileSync(path.join(folder, 'logs.db'), '');
    expect((await runAgainst(done, ['admin', 'restore', 'logs', '--src', '.'])).code).toBe(0);
  });

  it('says why it was refused', async () => {
    const refuse: Answer = (_request, response) =>
      sendJson(response, 400, { error: 'invalid argument', context: { body: ['backup: not a database'] } });
    const { code, err } = await runAgainst(refuse, ['admin', 'restore', 'logs', '--src', '.']);
    expect([code, err]).toEqual([1, 'logweir: invalid argument\n  body: backup: not a database\n']);
  });
});

describe('logweir stream export', () => {
  const lines = '{"timestamp":"t","fields":{"a":"1"}}\n{"timestamp":"t","fields":{"a":"2"}}\n';
  const send: Answer = (_request, response) => {
    response.writeHead(200, { Trailer: 'X-Filter-Errors' });
    response.write(lines);
    response.addTrailers({ 'X-Filter-Errors': '3' });
    response.end();
  };

  it('writes lines to standard output or a file', async () => {
    const { code, out, err, requests } = await runAgainst(send, ['stream', 'export', '--filter', 'int(a) > 0']);
    expect([code, out]).toEqual([0, lines]);
    expect(err).toMatch(/failed on 3 records/);
    expect(requests[0]!.headers.accept).toBe('application/x-ndjson');
    expect(Object.fromEntries(requests[0]!.url.searchParams)).toMatchObject({ order: 'oldest', filter: 'int(a) > 0' });
    expect((await runAgainst(send, ['stream', 'export', '--dest', 'x.ndjson'])).code).toBe(0);
    expect(file('x.ndjson')).toBe(lines);
    expect((await runAgainst(send, ['stream', 'export', '--dest', 'x.gz'])).code).toBe(0);
    expect(gunzipSync(readFileSync(path.join(folder, 'x.gz'))).toString()).toBe(lines);
  });

  it('fails when the answer breaks off', async () => {
    const breakOff: Answer = (_request, response) => void response.write(lines, () => response.destroy());
    expect((await runAgainst(breakOff, ['stream', 'export'])).code).toBe(3);
  });
});

describe('logweir stream import', () => {
  const done: Answer = (_request, response) => sendJson(response, 200, { success: true, processed_count: 1 });
  const sent = (requests: readonly SeenRequest[]) =>
    requests.flatMap(({ body }) => (JSON.parse(body) as { records: unknown[] }).records);

  it('takes what export wrote, and fields alone', async () => {
    const input = '{"timestamp":"t","fields":{"a":"1"}}\n\n{"b":2,"c":{"d":null},"__proto__":"x"}\r\n{"fields":"e"}';
    const { code, err, requests } = await runAgainst(done, ['stream', 'import', '--pipeline', 'p'], { input });
    expect([code, err]).toEqual([0, 'sent 3 records\n']);
    expect(requests[0]!.url.pathname).toBe('/api/v1/pipelines/p/logs/struct');
    expect(requests[0]!.body).toBe(
      '{"records":[{"a":"1"},{"b":"2","c":"{\\"d\\":null}","__proto__":"x"},{"fields":"e"}]}',
    );
  });

  it('sends many in batches, also from a compressed file', async () => {
    const many = Array.from({ length: 4_500 }, (_, n) => `{"n":"${n}"}\n`).join('');
    writeFileSync(path.join(folder, 'many.gz'), gzipSync(many));
    const { code, requests } = await runAgainst(done, ['stream', 'import', '--input', 'many.gz', '--skip', '500']);
    expect([code, requests.length]).toEqual([0, 2]);
    expect(sent(requests)).toEqual(Array.from({ length: 4_000 }, (_, n) => ({ n: String(n + 500) })));
  });

  it('asks a busy server again', async () => {
    let left = 2;
    const busy: Answer = (_request, response) =>
      left-- > 0 ? sendJson(response, 503, { error: 'busy' }) : sendJson(response, 200, { success: true });
    const { code, requests } = await runAgainst(busy, ['stream', 'import'], { input: '{"a":"b"}' });
    expect([code, requests.length]).toEqual([0, 3]);
  });

  it('says where to go on', async () => {
    const input = Array.from({ length: 2_100 }, (_, n) => `{"n":"${n}"}\n`).join('') + 'nonsense\n';
    const { code, err, requests } = await runAgainst(done, ['stream', 'import'], { input });
    expect([code, requests.length]).toEqual([1, 1]);
    expect(err).toBe('sent 2000 records; what is left goes with --skip 2000\nlogweir: line 2101 is no JSON object\n');
  });

  it('refuses a file that is not compressed', async () => {
    writeFileSync(path.join(folder, 'x.gz'), '{}');
    const { code, err } = await runAgainst(done, ['stream', 'import', '--input', 'x.gz']);
    expect(code).toBe(1);
    expect(err).toMatch(/cannot decompress/);
  });
});

test('lines come out whole however they were cut', async () => {
  const text = Buffer.from('a\nbé\r\n\nlong line\nend');
  for (let size = 1; size <= text.length; size++) {
    async function* chunks() {
      for (let start = 0; start < text.length; start += size) yield text.subarray(start, start + size);
    }
    const lines: string[] = [];
    for await (const line of readLines(chunks())) lines.push(line);
    expect(lines).toEqual(['a', 'bé', '', 'long line', 'end']);
  }
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [5 * 2 ** 30, '5.0 GiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
