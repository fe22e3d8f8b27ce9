import { request as httpRequest } from 'node:http';
import fc from 'fast-check';
import { answerProblems, describedOperation, description } from './support/description';
import { Harness, type Answer } from './support/harness';
import { randomRequest, type RandomRequest } from './support/random-request';

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

describe.each(description.operations)('$id', ({ id, path, method }) => {
  test('answers every request as described, and never fails', async () => {
    harness.internalErrors.length = 0;
    const described = new Set(Object.keys(describedOperation(id).responses));
    await fc.assert(
      fc.asyncProperty(randomRequest(path, method), async (request) => {
        const answer = await ask(method.toUpperCase(), request);
        // A name such as `.` may lead elsewhere.
        if (answer.headers['content-type']?.startsWith('text/plain') === true && answer.status > 400) {
          expect([404, 405]).toContain(answer.status);
          return;
        }
        expect(answer.status).toBeLessThan(500);
        expect([...described]).toContain(String(answer.status));
        expect(answerProblems(id, answer)).toEqual([]);
        expect(harness.internalErrors).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(({} as Record<string, unknown>).a).toBeUndefined();
    const { status } = await harness.call('GET', '/auth/whoami');
    expect(status).toBe(200);
  });
});
