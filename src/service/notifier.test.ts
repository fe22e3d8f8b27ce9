import { Notifier, notifierFor } from './notifier';

function recording(failing: readonly string[] = []): { notifier: Notifier; sent: string[][]; warnings: string[] } {
  const sent: string[][] = [];
  const warnings: string[] = [];
  const send = async (assignments: readonly string[]): Promise<void> => {
    await new Promise(setImmediate);
    if (failing.includes(assignments[0] ?? '')) throw new Error('no such program');
    sent.push([...assignments]);
  };
  return { notifier: new Notifier({ send, warn: (message) => warnings.push(message) }), sent, warnings };
}

test('messages are sent one after the other', async () => {
  const { notifier, sent } = recording();
  notifier.reloading();
  notifier.ready('listening');
  notifier.alive();
  notifier.stopping();
  await notifier.delivered();
  expect(sent.map(([first]) => first)).toEqual(['RELOADING=1', 'READY=1', 'WATCHDOG=1', 'STOPPING=1']);
  expect(sent[1]).toEqual(['READY=1', 'STATUS=listening']);
});

test('a reload carries the time of the clock that the service manager compares it with', async () => {
  const { notifier, sent } = recording();
  const before = process.hrtime.bigint() / 1000n;
  notifier.reloading();
  await notifier.delivered();
  const microseconds = BigInt(/^MONOTONIC_USEC=(\d+)$/.exec(sent[0]?.[1] ?? '')?.[1] ?? '0');
  expect(microseconds).toBeGreaterThanOrEqual(before);
  expect(microseconds).toBeLessThanOrEqual(process.hrtime.bigint() / 1000n);
});

test('a message that cannot be sent is warned about and holds up none after it', async () => {
  const { notifier, sent, warnings } = recording(['READY=1']);
  notifier.ready('listening');
  notifier.alive();
  await notifier.delivered();
  expect(sent).toEqual([['WATCHDOG=1']]);
  expect(warnings).toEqual([expect.stringContaining('READY=1')]);
});

test('without a service manager there is no notifier', () => {
  const warn = (): void => undefined;
  expect(notifierFor({}, warn)).toBeUndefined();
  expect(notifierFor({ NOTIFY_SOCKET: '' }, warn)).toBeUndefined();
  expect(notifierFor({ NOTIFY_SOCKET: '/run/x' }, warn)).toBeInstanceOf(Notifier);
});
