import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

/** Only what these tests need, and a queue whose work never waits. */
export const SETTINGS = { 'syslog.udp.bind': 'off', 'syslog.tcp.bind': 'off', 'otlp.http.bind': 'off' };

export const DELIVERY = { linger_ms: 0, batch_size: 50, retry: { initial_ms: 5, max_ms: 50 } };

/** Most milliseconds from the first acknowledgement to the kill. */
const MAX_MS_UNTIL_KILL = 150;
const SENDERS = 4;
const RECORDS_PER_REQUEST = 20;

/** Everything goes into the forwarder `out`. */
export function forwardingFlow(): object {
  const position = { x: 0, y: 0 };
  return {
    nodes: [
      { id: 'in', type: 'source', position, data: { type: 'direct' } },
      { id: 'out', type: 'forwarder', position, data: { forwarder: 'out' } },
    ],
    edges: [{ id: 'e', source: 'in', sourceHandle: '', target: 'out' }],
  };
}

/**
 * Sends and kills the server at a random moment, so many times; then everything acknowledged must have been received, and
 * no more than a batch for each kill more than once. Returns the
 * server that is running at the end.
 *
 * @param deliveryIds the id that came with each of `received`
 */
export async function killRounds(
  first: RunningServer,
  rounds: number,
  {
    received,
    deliveryIds,
  }: { readonly received: () => readonly string[]; readonly deliveryIds: () => readonly string[] },
): Promise<RunningServer> {
  let server = first;
  const acknowledged: string[] = [];
  const token = await first.token();
  for (let round = 0; round < rounds; round++) {
    const url = server.url('http', '/api/v1/pipelines/default/logs/struct');
    let killed: Promise<unknown> | undefined;
    let sent = 0;
    const sender = async (): Promise<void> => {
      for (;;) {
        const ids = Array.from({ length: RECORDS_PER_REQUEST }, () => `${round}/${sent++}`);
        const records = ids.map((id) => ({ id, message: `message of ${id}` }));
        try {
          const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
          const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ records }) });
          if (answer.status !== 200) continue;
        } catch {
          // The server is gone; what it had not acknowledged may or may not be there.
          return;
        }
        acknowledged.push(...ids);
        const victim = server;
        killed ??= new Promise((resolve) => setTimeout(resolve, Math.random() * MAX_MS_UNTIL_KILL)).then(() =>
          victim.end('SIGKILL'),
        );
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sender));
    await killed;
    server = await RunningServer.start({ directory: server.directory, settings: SETTINGS, token });
  }
  const running = server;
  await until(async () => {
    const { body } = await running.api('GET', '/forwarders/out/queue');
    return (body.queue as { length: number }).length === 0;
  });
  const all = received();
  const arrived = new Set(all);
  expect(acknowledged.filter((id) => !arrived.has(id))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual(rounds * RECORDS_PER_REQUEST);
  // Whatever was under way when the process died; all else arrives once.
  expect(all.length - arrived.size).toBeLessThanOrEqual(rounds * DELIVERY.batch_size);
  // What arrives twice has the same delivery id both times.
  const firstIds = new Map<string, string>();
  const ids = deliveryIds();
  all.forEach((id, i) => firstIds.set(id, firstIds.get(id) ?? (ids[i] as string)));
  expect(all.filter((id, i) => firstIds.get(id) !== ids[i])).toEqual([]);
  expect(new Set(ids).size).toBe(arrived.size);
  return server;
}
