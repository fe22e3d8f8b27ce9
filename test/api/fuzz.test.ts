import { readdir, readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { answerProblems, describedOperation, description } from './support/description';
import { Harness, type Answer } from './support/harness';
import { randomRequest, type RandomRequest } from './support/random-request';
import { archiveHeader, archivePadding, ARCHIVE_END } from '../../src/api/backup/tar';

/** Requests an operation: enough to come by each branch over the days, few enough to stay quick. */
const RUNS = 12;
/** An answer that takes longer is a hang; nothing here has much to do. */
const HANG_MS = 15_000;

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
  await harness.config.save('transformer', 'parse-nginx', '.a = "b"');
});

afterAll(() => harness.stop());

/** Makes a request; of an endless answer only the beginning is read. */
function ask(method: string, { target, headers, body }: RandomRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: harness.port,
        method,
        path: `/api/v1${target}`,
        agent: false,
        timeout: HANG_MS,
        headers: {
          Authorization: `Bearer ${harness.adminToken}`,
          'Content-Length': Buffer.byteLength(body ?? ''),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        const done = (): void => {
          const text = Buffer.concat(chunks).toString();
          let json: Answer['json'];
          try {
            json = JSON.parse(text) as Answer['json'];
          } catch {
            // Not all answers are JSON.
          }
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
        };
        if (response.headers['content-type'] === 'text/event-stream') {
          response.destroy();
          done();
          return;
        }
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', done);
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

const restores = description.operations.filter(({ body }) => body === 'upload');
const others = description.operations.filter((operation) => !restores.includes(operation));

/** Makes a random request, and looks at its answer. */
async function tryOut(id: string, method: string, request: RandomRequest): Promise<Answer> {
  const described = Object.keys(describedOperation(id).responses);
  const answer = await ask(method.toUpperCase(), request);
  // A name such as `.` may lead elsewhere.
  if (answer.headers['content-type']?.startsWith('text/plain') === true && answer.status > 400) {
    expect([404, 405]).toContain(answer.status);
    return answer;
  }
  expect(answer.status).toBeLessThan(500);
  expect(described).toContain(String(answer.status));
  expect(answerProblems(id, answer)).toEqual([]);
  expect(harness.internalErrors).toEqual([]);
  return answer;
}

describe.each(others)('$id', ({ id, path, method }) => {
  test('answers every request as described, and never fails', async () => {
    harness.internalErrors.length = 0;
    await fc.assert(
      fc.asyncProperty(randomRequest(path, method), async (request) => {
        await tryOut(id, method, request);
      }),
      { numRuns: RUNS },
    );
    expect(({} as Record<string, unknown>).a).toBeUndefined();
    const { status } = await harness.call('GET', '/auth/whoami');
    expect(status).toBe(200);
  });
});

describe.each(restores)('$id', ({ id, path, method }) => {
  test('takes any file as described, and never fails', async () => {
    const usual = harness;
    // Of its own: a damaged backup may well be restored, without those who make the requests here.
    harness = await Harness.start();
    try {
      const files: Buffer[] = [];
      for (const store of [harness.auth, harness.config, harness.logs]) {
        const file = `${harness.directory}/${files.length}.db`;
        await store.backup(file);
        files.push(await readFile(file));
      }
      const archive = ['auth.db', 'config.db', 'logs.db'].flatMap((name, i) => {
        const file = files[i] as Buffer;
        return [archiveHeader(name, file.length, 0), file, archivePadding(file.length)];
      });
      await fc.assert(
        fc.asyncProperty(
          randomRequest(path, method, [...files, Buffer.concat([...archive, ARCHIVE_END])]),
          async (request) => {
            await tryOut(id, method, request);
          },
        ),
        { numRuns: 2 * RUNS },
      );
      expect((await harness.call('GET', '/auth-providers/', { token: null })).status).toBe(200);
      expect((await readdir(harness.directory)).filter((name) => /tmp$|^restore-/.test(name))).toEqual([]);
    } finally {
      await harness.close();
      harness = usual;
    }
  });
});
