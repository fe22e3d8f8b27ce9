import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { run } from '../../src/cli/run';
import { memoryIo } from '../../src/cli/testing/memory-io';
import { RecordBatch } from '../../src/record';
import { SqliteDeliveryQueue, type QueueLimit } from '../../src/storage/queue';
import { InProcessQueue } from '../../src/storage/queue/testing/in-process';

const PLENTY: QueueLimit = { maxBytes: 1e9, whenFull: 'block' };
const APPENDED_AT = Date.UTC(2026, 4, 6);
const ARRIVED_AT = Date.UTC(2026, 4, 5);
const TIMESTAMP = '2026-05-05T00:00:00.000Z';

let directory: string;
let queue: SqliteDeliveryQueue;
let thread: InProcessQueue;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'logweir-queues-'));
  queue = await SqliteDeliveryQueue.open({
    directory,
    maxPendingBytes: 1e9,
    onWarning: () => undefined,
    now: () => APPENDED_AT,
    caller: (file, options) => (thread = new InProcessQueue(file, options)),
  });
});

afterEach(async () => {
  await queue.close();
  await rm(directory, { recursive: true, force: true });
});

function batchOf(...ids: readonly string[]): RecordBatch {
  return RecordBatch.from(ids.map((id) => ({ timestamp: ARRIVED_AT, fields: { id } })));
}

async function logweir(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = memoryIo({ cwd: directory });
  const code = await run([...args, '--data-dir', directory], io);
  return { code, out: io.out(), err: io.err() };
}

function idsOf(lines: string): string[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { fields: { id: string } }).fields.id);
}

/** Three entries for `siem`, one of them half delivered, one with a dead letter; nothing for `mail`. */
async function fill(): Promise<void> {
  await queue.append('siem', batchOf('1', '2'), PLENTY);
  await queue.append('siem', batchOf('3', '4', '5'), PLENTY);
  await queue.append('siem', batchOf('6'), PLENTY);
  const [first] = await queue.read('siem', 0, 1e9);
  const letter = {
    at: APPENDED_AT,
    attempts: 3,
    reason: '400 Bad Request',
    timestamp: ARRIVED_AT,
    fields: { id: '1' },
  };
  await queue.settle('siem', {
    finished: [],
    progressed: [{ id: first!.id, done: Uint8Array.of(0b01), remaining: 1 }],
    deadLetters: [letter],
    maxDeadLetterBytes: 1e9,
  });
  await queue.setPaused('mail', true);
}

async function damageStored(): Promise<void> {
  while (await thread.call<boolean>('moveStep'));
  const database = new Database(path.join(directory, 'queue.db'));
  database.prepare('UPDATE entries SET checksum = checksum + 1 WHERE id = 2').run();
  database.close();
}

async function damageSpooled(): Promise<void> {
  const folder = path.join(directory, 'queue-spool');
  const [file = ''] = (await readdir(folder)).sort();
  const bytes = await readFile(path.join(folder, file));
  bytes.write('543', bytes.indexOf('345'));
  await writeFile(path.join(folder, file), bytes);
}

test('queues are listed beside the server that uses them', async () => {
  await fill();
  const { code, out } = await logweir('queue', 'ls', '--output', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([
    { name: 'mail', records: 0, bytes: 0, oldest: null, dead_letters: 0, paused: true },
    {
      name: 'siem',
      records: 5,
      bytes: expect.any(Number) as number,
      oldest: '2026-05-06T00:00:00.000Z',
      dead_letters: 1,
      paused: false,
    },
  ]);
});

test('what is still to be delivered is exported, and dead letters with their reason', async () => {
  await fill();
  const { code, out, err } = await logweir('queue', 'export', '--name', 'siem');
  expect([code, err]).toEqual([0, '']);
  expect(idsOf(out)).toEqual(['2', '3', '4', '5', '6']);
  expect(JSON.parse(out.split('\n')[0]!)).toEqual({ timestamp: TIMESTAMP, fields: { id: '2' } });

  expect(await logweir('queue', 'export', '--name', 'siem', '--dead-letters', '--dest', 'dead.jsonl.gz')).toMatchObject(
    {
      code: 0,
      out: '',
    },
  );
  const file = path.join(directory, 'dead.jsonl.gz');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(gunzipSync(await readFile(file)).toString())).toEqual({
    timestamp: TIMESTAMP,
    fields: { id: '1' },
    died_at: '2026-05-06T00:00:00.000Z',
    attempts: 3,
    reason: '400 Bad Request',
  });
  expect((await logweir('queue', 'check')).code).toBe(0);
});

test.each([
  ['in queue.db', damageStored],
  ['in the files beside it', damageSpooled],
])('a damaged entry %s is found, and the rest is exported', async (_where, damage) => {
  await fill();
  await damage();
  const check = await logweir('queue', 'check', '--output', 'json');
  expect(check.code).toBe(1);
  expect(JSON.parse(check.out)).toEqual([
    { name: 'mail', readable: 0, damaged: 0, problem: null },
    { name: 'siem', readable: 2, damaged: 3, problem: 'entry 2: its checksum is wrong' },
  ]);
  const { code, out, err } = await logweir('queue', 'export', '--name', 'siem');
  expect(code).toBe(1);
  expect(idsOf(out)).toEqual(['2', '6']);
  expect(err).toBe('3 records of the queue cannot be read and were left out\n');
  const doctor = await logweir('doctor', '--output', 'json');
  expect(JSON.parse(doctor.out)).toContainEqual({
    check: 'delivery queues',
    status: 'problem',
    detail: '2 records in 2 queues can be read, 3 records for "siem" cannot',
    advice: expect.stringContaining('logweir queue export') as string,
  });
});

test.each([
  [['queue', 'export', '--name', 'nobody'], 5, 'there is no queue "nobody"; there are: "mail", "siem"'],
  [['queue', 'ls', '--data-dir', '/nonexistent'], 5, 'is the data directory right'],
])('%j says what to do', async (args, code, text) => {
  await fill();
  const io = memoryIo();
  expect(await run(args.includes('--data-dir') ? args : [...args, '--data-dir', directory], io)).toBe(code);
  expect(io.err()).toContain(text);
});
