import type { ServerResponse } from 'node:http';
import { tail, type TailHooks } from './tail';
import { sendJson, startFakeApi, type FakeApi, type SeenRequest } from './testing/fake-api';
import { memoryIo } from './testing/memory-io';

let api: FakeApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

const OPTIONS = { stream: 'default', output: 'logfmt' } as const;

/** Answers the n-th connection with the n-th of the given functions, and all others with the last. */
async function serve(...answers: ((response: ServerResponse, request: SeenRequest) => void)[]): Promise<FakeApi> {
  let connection = 0;
  api = await startFakeApi((request, response) => {
    const answer = answers[Math.min(connection++, answers.length - 1)]!;
    answer(response, request);
  });
  return api;
}

function open(response: ServerResponse, ...events: string[]): ServerResponse {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.flushHeaders();
  for (const event of events) response.write(event);
  return response;
}

const log = (id: number) => `id: ${id}\nevent: log\ndata: {"timestamp":"t${id}","fields":{"n":"${id}"}}\n\n`;

/** Hooks that do not wait, remember how long they were asked to, and end the tail after `pauses` of them. */
function hooksFor(pauses: number): TailHooks & { readonly waited: number[]; stop: () => void } {
  const controller = new AbortController();
  const waited: number[] = [];
  return {
    waited,
    signal: controller.signal,
    stop: () => controller.abort(),
    pause: (milliseconds) => {
      waited.push(milliseconds);
      if (waited.length >= pauses) controller.abort();
      return Promise.resolve();
    },
  };
}

describe('logweir tail', () => {
  it('prints records as they arrive and stops when asked to', async () => {
    const { base } = await serve((response) => open(response, ': keepalive\n\n', log(1), log(2)));
    const io = memoryIo({ env: { LOGWEIR_API: base, LOGWEIR_TOKEN: 'pat_x' } });
    const hooks = hooksFor(1);
    const done = tail({ ...OPTIONS, filter: 'n == "1"' }, io, hooks);
    await io.outContains('n=2');
    hooks.stop();
    await done;
    expect(io.out()).toBe('@timestamp=t1 n=1\n@timestamp=t2 n=2\n');
    expect(api?.requests[0]?.url.pathname).toBe('/api/v1/streams/default/logs/watch');
    expect(api?.requests[0]?.url.searchParams.get('filter')).toBe('n == "1"');
    expect(api?.requests[0]?.headers).toMatchObject({ authorization: 'Bearer pat_x', accept: 'text/event-stream' });
    expect(api?.requests[0]?.headers['last-event-id']).toBeUndefined();
  });

  it('connects again after the last record it printed', async () => {
    const { base } = await serve(
      (response) => open(response, log(1)).end(),
      (response) => sendJson(response, 503, { error: 'restarting' }),
      (response) => open(response, log(2)).end(),
    );
    const io = memoryIo({ env: { LOGWEIR_API: base } });
    const hooks = hooksFor(3);
    await tail(OPTIONS, io, hooks);
    expect(io.out()).toBe('@timestamp=t1 n=1\n@timestamp=t2 n=2\n');
    expect(api?.requests.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1', '1']);
    expect(io.err()).toContain('restarting; connecting again in');
  });

  it('waits longer each time in vain, and no longer than half a minute', async () => {
    const { base } = await serve(
      (response) => open(response, log(1)).end(),
      (response) => response.destroy(),
    );
    const hooks = hooksFor(12);
    await tail(OPTIONS, memoryIo({ env: { LOGWEIR_API: base } }), hooks);
    expect(hooks.waited).toHaveLength(12);
    for (const [attempt, wait] of hooks.waited.entries()) {
      const longest = Math.min(30_000, 500 * 2 ** attempt);
      expect(wait).toBeGreaterThanOrEqual(longest / 2);
      expect(wait).toBeLessThanOrEqual(longest);
    }
  });

  it('reports records that it was too slow for', async () => {
    const { base } = await serve((response) => open(response, 'event: skipped\ndata: {"count": 3}\n\n', log(1)).end());
    const io = memoryIo({ env: { LOGWEIR_API: base } });
    await tail(OPTIONS, io, hooksFor(1));
    expect(io.err()).toContain('missed records: {"count": 3}');
    expect(io.out()).toContain('n=1');
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    [
      'the server ends the stream with an error',
      (response) => open(response, log(1), 'event: error\ndata: broken\u0007\n\n'),
      /ended the stream: broken\\x07/,
    ],
    ['the filter is refused', (response) => sendJson(response, 400, { error: 'bad filter' }), /bad filter/],
    [
      'the first connection is refused for now',
      (response) => sendJson(response, 503, { error: 'starting' }),
      /starting/,
    ],
    ['the first connection breaks', (response) => response.destroy(), /no connection/],
    ['an event is no record', (response) => open(response, 'event: log\ndata: {"fields":1}\n\n'), /not a record/],
  ])('fails when %s', async (_case, answer, message) => {
    const { base } = await serve(answer);
    await expect(tail(OPTIONS, memoryIo({ env: { LOGWEIR_API: base } }), hooksFor(1))).rejects.toThrow(message);
    expect(api?.requests).toHaveLength(1);
  });
});
