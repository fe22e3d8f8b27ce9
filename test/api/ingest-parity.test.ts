import express, { type ErrorRequestHandler } from 'express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { toApiError } from '../../src/api/errors/to-api-error';
import { sendError } from '../../src/api/errors/send-error';
import { requestValidator } from '../../src/api/validator';
import { description } from './support/description';
import { Harness, send } from './support/harness';

// The ingest routes check their bodies by hand. Here the validator that checks all other routes gets the same bodies: both
// must find the same faults and say the same.

let harness: Harness;
let validating: Server;

beforeAll(async () => {
  harness = await Harness.start();
  const app = express();
  app.use(express.json({ strict: false, limit: '1mb' }));
  app.use(...requestValidator(description));
  app.use((_request, response) => {
    response.json({ success: true });
  });
  const answerError: ErrorRequestHandler = (error, _request, response, _next) => sendError(response, toApiError(error));
  app.use(answerError);
  validating = createServer(app);
  await new Promise<void>((resolve) => validating.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await harness.stop();
  await new Promise((resolve) => validating.close(resolve));
});

async function bothAnswers(target: string, body: unknown): Promise<[object, object]> {
  const text = JSON.stringify(body);
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text)) };
  const byHand = await harness.call('POST', target, { body: text, headers });
  const byValidator = await send((validating.address() as AddressInfo).port, 'POST', `/api/v1${target}`, headers, text);
  const shown = (answer: typeof byHand): object =>
    answer.status === 200 ? { status: 200 } : { status: answer.status, body: answer.json };
  return [shown(byHand), shown(byValidator)];
}

const BAD_BODIES: readonly (readonly [string, unknown])[] = [
  ['/pipelines/default/logs', null],
  ['/pipelines/default/logs', []],
  ['/pipelines/default/logs', 'text'],
  ['/pipelines/default/logs', {}],
  ['/pipelines/default/logs', { record: [] }],
  ['/pipelines/default/logs', { record: { a: 'b', c: 1 } }],
  ['/pipelines/default/logs', { record: { 'a.b': null } }],
  ['/pipelines/default/logs', { record: { 'a/b~c"d': true } }],
  ['/pipelines/default/logs', { record: { '': {} } }],
  ['/pipelines/default/logs', { record: { 7: [] } }],
  ['/pipelines/default/logs/struct', null],
  ['/pipelines/default/logs/struct', {}],
  ['/pipelines/default/logs/struct', { records: null }],
  ['/pipelines/default/logs/struct', { records: { 0: {} } }],
  ['/pipelines/default/logs/struct', { records: [{}, null] }],
  ['/pipelines/default/logs/struct', { records: [{}, [], {}] }],
  ['/pipelines/default/logs/struct', { records: [{}, {}, {}, { level: 3 }] }],
  [`/pipelines/${'x'.repeat(256)}/logs`, { record: {} }],
  ['/pipelines/a%0Ab/logs', { record: {} }],
];

test.each(BAD_BODIES)('%s: %j', async (target, body) => {
  const [byHand, byValidator] = await bothAnswers(target, body);
  expect(byHand).toMatchObject({ status: 400 });
  if (target.length < 256) expect(byHand).toEqual(byValidator);
});

test('any body', async () => {
  const value = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.object({ maxDepth: 1 }));
  const record = fc.oneof(fc.dictionary(fc.string(), value), fc.dictionary(fc.string(), fc.string()), value);
  const body = fc.oneof(
    fc.record({ record }),
    fc.record({ records: fc.oneof(fc.array(record), value) }),
    fc.object({ maxDepth: 2 }),
    value,
  );
  const target = fc.constantFrom('/pipelines/default/logs', '/pipelines/default/logs/struct');
  await fc.assert(
    fc.asyncProperty(target, body, async (path, json) => {
      const [byHand, byValidator] = await bothAnswers(path, json);
      expect(byHand).toEqual(byValidator);
    }),
    { numRuns: 200 },
  );
});
