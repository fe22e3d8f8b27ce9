import { SenderMemory } from './sender-memory';
import { SenderTable } from './sender-table';
import { SilenceCheck, type WatchedInput } from './silence-check';

/** One run of a service with one listener. */
class Run {
  readonly table = new SenderTable();
  readonly told: string[] = [];
  readonly warnings: string[] = [];
  written = '';
  readonly #inputs: readonly WatchedInput[] = [{ name: 'syslog_udp', counters: { senders: this.table } }];
  readonly memory = new SenderMemory({
    inputs: () => this.#inputs,
    write: (text) => {
      this.written = text;
      return Promise.resolve();
    },
    warn: (message) => this.warnings.push(message),
  });
  readonly check = new SilenceCheck(
    () => this.#inputs,
    (level, message) => this.told.push(`${level} ${message}`),
  );

  send(address: string, from: number, records: number, everyMs = 10_000): void {
    for (let at = from; at < from + records * everyMs; at += everyMs) {
      const entry = this.table.entry(address, at);
      entry.received++;
      entry.seen(at);
    }
  }

  /** Ends this run; the next one has what this one wrote. */
  async next(now: number): Promise<Run> {
    this.check.close();
    await this.memory.close();
    const run = new Run();
    run.memory.recall(this.written, now);
    return run;
  }
}

const runs: Run[] = [];
const begin = (): Run => {
  const run = new Run();
  runs.push(run);
  return run;
};

const RESTART = Date.now();
const REGULAR = '192.0.2.1';
const RARE = '192.0.2.2';

async function restarted(): Promise<Run> {
  const first = begin();
  first.send(REGULAR, RESTART - 3_600_000, 30);
  first.send(RARE, RESTART - 3_600_000, 3);
  const next = await first.next(RESTART);
  runs.push(next);
  return next;
}

afterEach(async () => {
  for (const run of runs.splice(0)) {
    run.check.close();
    await run.memory.close();
  }
});

test('a regular sender that does not come back after a restart is missed, once', async () => {
  const run = await restarted();
  // While nobody listened nobody was silent.
  run.check.check(RESTART + 299_000);
  expect(run.told).toEqual([]);
  run.check.check(RESTART + 301_000);
  run.check.check(RESTART + 400_000);
  expect(run.told).toEqual([expect.stringMatching(/^warn 192\.0\.2\.1 fell silent: .* its usual pause is 10 s$/)]);
  expect(run.table.entry(REGULAR, RESTART).received).toBe(0);
});

test('silence that was told of before a restart is not told of again, but its end is', async () => {
  const before = await restarted();
  before.check.check(RESTART + 301_000);
  const run = await before.next(RESTART + 400_000);
  runs.push(run);
  run.check.check(RESTART + 800_000);
  expect(run.told).toEqual([]);
  run.send(REGULAR, RESTART + 900_000, 1);
  run.check.check(RESTART + 900_001);
  expect(run.told).toEqual(['info 192.0.2.1 sends to syslog_udp again']);
});

test('an outage does not make the next one go unnoticed', async () => {
  const run = await restarted();
  run.check.check(RESTART + 301_000);
  run.send(REGULAR, RESTART + 3_600_000, 30);
  run.check.check(RESTART + 3_890_001);
  const last = RESTART + 3_890_000;
  run.check.check(last + 301_000);
  expect(run.told.map((text) => text.split(' ')[0])).toEqual(['warn', 'info', 'warn']);
});

test('senders that were seen too little of are not remembered, nor those not seen for months', async () => {
  const run = await restarted();
  expect([...run.table.values()].map(({ address }) => address)).toEqual([REGULAR]);
  await run.memory.save(RESTART + 91 * 86_400_000);
  expect(run.written).not.toContain(REGULAR);
});

test('a sender that is faster than what is remembered of it keeps its figures', async () => {
  const first = await restarted();
  await first.memory.save(RESTART);
  const run = begin();
  run.send(REGULAR, RESTART + 5_000, 2);
  run.memory.recall(first.written, RESTART);
  expect(run.table.entry(REGULAR, RESTART)).toMatchObject({
    received: 2,
    lastSeen: RESTART + 15_000,
    firstSeen: RESTART - 3_600_000,
  });
});

test.each([
  ['no JSON', '{', 1],
  ['another version', '{"version":2,"listeners":{}}', 1],
  ['no senders', '{"version":1}', 0],
  ['senders that are none', '{"version":1,"listeners":{"syslog_udp":[null,7,{"address":"192.0.2.1"}]}}', 0],
  ['an unknown listener', '{"version":1,"listeners":{"gone":[]}}', 0],
])('text with %s harms nothing', (_what, text, warnings) => {
  const run = begin();
  run.memory.recall(text, RESTART);
  expect(run.table.size).toBe(0);
  expect(run.warnings).toHaveLength(warnings);
});

test('when it cannot be written down that is a warning', async () => {
  const warnings: string[] = [];
  const memory = new SenderMemory({
    inputs: () => [],
    write: () => Promise.reject(new Error('disk full')),
    warn: (message) => warnings.push(message),
  });
  await memory.close();
  expect(warnings).toEqual(['senders cannot be remembered: Error: disk full']);
});
