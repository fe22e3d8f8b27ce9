import { RecordBatch } from '../../src/record';
import { PermanentFailure, TemporaryFailure } from '../../src/forwarders/destination';
import { until } from '../support/until';
import { operate } from './support/contract';
import { Harness } from './support/harness';

const path = { forwarder: 'out' };
const DELIVERY = { linger_ms: 0, retry: { initial_ms: 1, max_ms: 5 } };

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

function save(config: object, query: Record<string, string> = {}) {
  return operate(harness, 'save_forwarder', { path, query, json: { forwarder: { config, delivery: DELIVERY } } });
}

test('a forwarder is saved, shown without its secrets, tried and deleted', async () => {
  expect((await operate(harness, 'get_forwarder', { path })).status).toBe(404);
  expect((await operate(harness, 'test_forwarder', { path, json: { record: {} } })).status).toBe(404);
  const config = { type: 'fake', secret: 'hidden', headers: { 'x.y': 'hidden', '': 'hidden' } };
  expect((await save(config)).status).toBe(200);
  const { json } = await operate(harness, 'get_forwarder', { path });
  const shown = { type: 'fake', secret: '********', headers: { 'x.y': '********', '': '********' } };
  expect(json).toMatchObject({ forwarder: { version: 2, config: shown, delivery: DELIVERY } });
  expect((await save(shown)).status).toBe(200);
  expect(JSON.parse((await harness.config.get('forwarder', 'out'))?.body ?? '')).toMatchObject({ config });

  expect((await operate(harness, 'test_forwarder', { path, json: { record: { id: 't' } } })).status).toBe(200);
  expect(harness.fake.taken).toContain('t');
  const preview = await operate(harness, 'test_forwarder', {
    path,
    query: { preview: '1' },
    json: { record: { id: 'p' } },
  });
  expect(preview.json).toEqual({ success: true, preview: [{ id: 'p' }] });
  harness.fake.answer = () => {
    throw new TemporaryFailure('the disk over there is full');
  };
  const failed = await operate(harness, 'test_forwarder', { path, json: { record: {} } });
  expect([failed.status, failed.json?.error]).toEqual([500, 'internal: the disk over there is full']);

  expect((await operate(harness, 'delete_forwarder', { path })).status).toBe(200);
  expect((await operate(harness, 'get_forwarder', { path })).status).toBe(404);
  expect((await operate(harness, 'list_forwarders')).json).toEqual({ success: true, forwarders: [] });
});

test.each([
  [{ type: 'unheard' }, 'forwarder.config.type must be one of fake, http'],
  [{ type: 'fake', url: 5 }, 'forwarder.config.url must be string'],
  [{ type: 'fake', urll: 'x' }, 'forwarder.config.urll is not known here'],
  [{ type: 'fake', url: 'nowhere' }, 'forwarder.config.url must be somewhere'],
  [{ type: 'fake', text: '@expr:1 +' }, 'forwarder.config.text is no expression'],
  [{ type: 'fake', secret: '********' }, 'forwarder.config.secret is the mask of a secret, and none is stored'],
])('%j is refused with its path', async (config, message) => {
  const answer = await save(config);
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.json?.context)).toContain(message);
});

test('secrets that are not given anew do not follow a forwarder to another destination', async () => {
  const config = { type: 'fake', url: 'http://a/', secret: 'hidden', headers: { Authorization: 'hidden', Other: 'x' } };
  await save(config);
  const shown = { ...config, secret: '********', headers: { Authorization: '********', Other: '********' } };
  const moved = await save({ ...shown, url: 'http://b/' });
  expect(moved.status).toBe(400);
  const reason = 'must be given anew: the one that is stored is not for another forwarder.config.url';
  expect(moved.json?.context).toEqual({ body: [`forwarder.config.secret ${reason}`] });
  const halfGiven = await save({ ...shown, url: 'http://b/', secret: 'new' });
  expect(halfGiven.json?.context).toEqual({ body: [`forwarder.config.headers.Authorization ${reason}`] });
  expect(JSON.parse((await harness.config.get('forwarder', 'out'))?.body ?? '')).toMatchObject({ config });

  expect((await save({ ...shown, text: 'else' })).status).toBe(200);
  const edited = { ...config, text: 'else' };
  expect(JSON.parse((await harness.config.get('forwarder', 'out'))?.body ?? '')).toMatchObject({ config: edited });
  const given = { ...config, url: 'http://b/', secret: 'new' };
  expect((await save(given)).status).toBe(200);
  expect(JSON.parse((await harness.config.get('forwarder', 'out'))?.body ?? '')).toMatchObject({ config: given });
  await operate(harness, 'delete_forwarder', { path });
});

describe('a URL with a password', () => {
  const url = 'https://logs:geheim@127.0.0.1:1/in?x=1&token=geheim';
  const shownUrl = 'https://logs:********@127.0.0.1:1/in?x=1&token=********';
  const stored = async (): Promise<unknown> => JSON.parse((await harness.config.get('forwarder', 'out'))?.body ?? '');

  beforeEach(() => save({ type: 'http', url }));
  afterEach(() => operate(harness, 'delete_forwarder', { path, query: { queue: 'drop' } }));

  test('never shows it, and keeps it when it is saved as it was shown', async () => {
    const { json } = await operate(harness, 'get_forwarder', { path });
    expect(json).toMatchObject({ forwarder: { config: { type: 'http', url: shownUrl } } });
    expect((await save({ type: 'http', url: shownUrl, method: 'PUT' })).status).toBe(200);
    expect(await stored()).toMatchObject({ config: { type: 'http', url, method: 'PUT' } });
    const preview = await operate(harness, 'test_forwarder', { path, query: { preview: '1' }, json: { record: {} } });
    const failure = await operate(harness, 'test_forwarder', { path, json: { record: {} } });
    await harness.forwarders.append('out', batchOf('1'));
    await until(() => harness.forwarders.status('out').figures.lastError !== undefined);
    const queue = await operate(harness, 'get_forwarder_queue', { path });
    for (const answer of [preview, failure, queue]) expect(JSON.stringify(answer.json)).not.toContain('geheim');
  });

  test.each([
    [shownUrl.replace('0.1:1', '0.2:1'), {}, 'is not for another address or user'],
    [shownUrl.replace('logs', 'admin'), {}, 'is not for another address or user'],
    [shownUrl, { proxy: 'http://127.0.0.1:2' }, 'is not for another forwarder.config.proxy'],
    [shownUrl, { tls: { insecure_skip_verify: true } }, 'is not for another forwarder.config.tls.insecure_skip_verify'],
  ])('is not used for another destination: %s with %j', async (moved, others, reason) => {
    const answer = await save({ type: 'http', url: moved, ...others });
    const text = `forwarder.config.url: the secret in it must be given anew: the one that is stored ${reason}`;
    expect([answer.status, answer.json?.context]).toEqual([400, { body: [text] }]);
    expect(await stored()).toMatchObject({ config: { url } });
  });

  test('may get another one, while other secrets stay', async () => {
    const config = { type: 'http', url, headers: { 'X-Token': 'hidden' } };
    await save(config);
    const other = url.replaceAll('geheim', 'anders');
    expect((await save({ ...config, url: other, headers: { 'X-Token': '********' } })).status).toBe(200);
    expect(await stored()).toMatchObject({ config: { ...config, url: other } });
  });

  test('with a mask and nothing behind it, or one that is none, is refused without a word of it', async () => {
    await save({ type: 'http', url: 'https://127.0.0.1:1/' });
    const masked = await save({ type: 'http', url: shownUrl });
    const text = 'forwarder.config.url: the secret in it is the mask of a secret, and none is stored';
    expect([masked.status, masked.json?.context]).toEqual([400, { body: [text] }]);
    const broken = await save({ type: 'http', url: 'https://logs:geheim@host:99999/' });
    expect([broken.status, broken.json?.context]).toEqual([400, { body: ['forwarder.config.url is not a URL'] }]);
    expect(JSON.stringify(broken.json)).not.toContain('geheim');
  });
});

test('a webhook of version 1 becomes the type http', async () => {
  const forwarder = { url: 'http://localhost/', headers: { a: 'b' } };
  await operate(harness, 'save_forwarder', { path, json: { forwarder } });
  const { json } = await operate(harness, 'get_forwarder', { path });
  expect(json).toMatchObject({ forwarder: { version: 2, config: { type: 'http', url: 'http://localhost/' } } });
  await operate(harness, 'delete_forwarder', { path });
});

test('what it has to deliver is shown, and its dead letters are mended, sent again and deleted', async () => {
  harness.fake.answer = () => {
    throw new PermanentFailure('no such index');
  };
  await save({ type: 'fake' });
  await harness.forwarders.append('out', batchOf('1', '2', '3'));
  await until(() => harness.queue.stats('out').deadLetters === 3);
  const page = await operate(harness, 'list_dead_letters', { path, query: { limit: '2' } });
  const letters = page.json?.dead_letters as { id: number }[];
  expect(letters).toHaveLength(2);
  expect(letters[0]).toMatchObject({ reason: 'no such index', record: { fields: { id: '1' } } });
  const rest = await operate(harness, 'list_dead_letters', { path, query: { cursor: String(page.json?.cursor) } });
  expect(rest.json?.dead_letters).toHaveLength(1);

  expect((await operate(harness, 'delete_forwarder', { path })).status).toBe(409);
  harness.fake.answer = () => ({ refused: [], retry: [] });
  const one = { ...path, dead_letter: String(letters[0]?.id) };
  expect((await operate(harness, 'get_dead_letter', { path: one })).status).toBe(200);
  const mended = await operate(harness, 'replay_dead_letter', { path: one, json: { record: { id: 'mended' } } });
  expect(mended.status).toBe(200);
  expect((await operate(harness, 'get_dead_letter', { path: one })).status).toBe(404);
  await until(() => harness.fake.taken.includes('mended'));
  const replayed = await operate(harness, 'replay_dead_letters', { path, json: { ids: [letters[1]?.id] } });
  expect(replayed.json).toEqual({ success: true, replayed_count: 1 });
  const deleted = await operate(harness, 'delete_dead_letters', { path });
  expect(deleted.json).toEqual({ success: true, deleted_count: 1 });

  for (const id of ['pause_forwarder', 'resume_forwarder', 'flush_forwarder']) {
    expect((await operate(harness, id, { path })).status).toBe(200);
  }
  await operate(harness, 'pause_forwarder', { path });
  await harness.forwarders.append('out', batchOf('4'));
  const { json } = await operate(harness, 'get_forwarder_queue', { path });
  expect(json).toMatchObject({ queue: { state: 'paused', length: 1, dead_letters: 0 } });
  await save({ type: 'fake' }, { queue: 'drop' });
  expect(harness.queue.stats('out').records).toBe(0);
  await harness.forwarders.append('out', batchOf('5'));
  expect((await operate(harness, 'delete_forwarder', { path, query: { queue: 'drop' } })).status).toBe(200);
});

function batchOf(...ids: string[]): RecordBatch {
  return RecordBatch.from(ids.map((id) => ({ timestamp: 0, fields: { id } })));
}
