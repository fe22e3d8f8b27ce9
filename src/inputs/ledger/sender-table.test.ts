import { SenderTable } from './sender-table';
import { SilenceCheck } from './silence-check';

test('the least recently seen are forgotten, and counted', () => {
  const table = new SenderTable(10);
  for (let i = 0; i < 10; i++) table.entry(`10.0.0.${i}`, i).received++;
  table.entry('10.0.0.0', 100).seen(100);
  table.entry('10.0.0.99', 101);
  expect([table.size, table.evicted]).toEqual([10, 1]);
  expect([...table.values()].map(({ address }) => address)).not.toContain('10.0.0.1');
  expect(table.entry('10.0.0.0', 102).received).toBe(1);
});

test('the usual pause of a sender of bursts is that between them', () => {
  const entry = new SenderTable().entry('10.0.0.1', 0);
  for (let burst = 1; burst <= 10; burst++) for (let i = 0; i < 100; i++) entry.seen(burst * 60_000 + i);
  expect(entry.usualPauseMs).toBeCloseTo(60_000, -3);
});

describe('a sender that falls silent', () => {
  const table = new SenderTable();
  const told: string[] = [];
  const inputs = [{ name: 'syslog_udp', counters: { senders: table } }];
  const check = new SilenceCheck(
    () => inputs,
    (level, message) => told.push(`${level} ${message}`),
  );
  afterAll(() => check.close());

  const send = (address: string, from: number, records: number, everyMs: number): number => {
    for (let i = 0; i < records; i++) {
      const entry = table.entry(address, from + i * everyMs);
      entry.received++;
      entry.seen(from + i * everyMs);
    }
    return from + (records - 1) * everyMs;
  };

  test('is told of once, and again when it is back', () => {
    const last = send('10.0.0.1', 0, 30, 10_000);
    send('10.0.0.2', 0, 5, 10_000);
    check.check(last + 299_000);
    expect(told).toEqual([]);
    check.check(last + 301_000);
    check.check(last + 331_000);
    expect(told).toEqual([expect.stringMatching(/^warn 10\.0\.0\.1 fell silent: .* pause is 10 s$/)]);
    send('10.0.0.1', last + 400_000, 1, 0);
    check.check(last + 401_000);
    expect(told[1]).toBe('info 10.0.0.1 sends to syslog_udp again');
  });

  test('is given ten of its usual pauses', () => {
    told.length = 0;
    const last = send('10.0.0.3', 1_000_000, 30, 120_000);
    check.check(last + 1_190_000);
    expect(told.filter((text) => text.includes('10.0.0.3'))).toEqual([]);
    check.check(last + 1_210_000);
    expect(told.filter((text) => text.includes('10.0.0.3'))).toHaveLength(1);
  });

  test.each([
    ['a year ahead', 365 * 86_400_000],
    ['an hour ahead', 3_600_000],
    ['an hour back', -3_600_000],
  ])('is told of in time when the clock was set %s', (_name, set) => {
    // One that knows of no earlier time.
    const check = new SilenceCheck(
      () => inputs,
      (level, message) => told.push(`${level} ${message}`),
    );
    check.close();
    const address = `10.0.1.${set}`;
    const start = 1_000_000_000;
    const last = send(address, start, 30, 10_000);
    const ofIt = (): string[] => told.filter((text) => text.includes(address));
    check.check(last, last);
    check.check(last + set + 30_000, last + 30_000);
    expect(ofIt()).toEqual([]);
    const again = send(address, last + set + 40_000, 30, 10_000);
    expect(table.entry(address, again).usualPauseMs).toBeLessThan(120_000);
    check.check(again, again - set);
    check.check(again + 299_000, again + 299_000 - set);
    expect(ofIt()).toEqual([]);
    check.check(again + 1_500_000, again + 1_500_000 - set);
    expect(ofIt()).toHaveLength(1);
  });
});
