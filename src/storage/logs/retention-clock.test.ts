import { RetentionClock } from './retention-clock';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const START = Date.UTC(2026, 0, 1);

/** A machine whose time of day may be set. */
class Machine {
  steady = 5_000;
  offset = START - 5_000;
  readonly warnings: string[] = [];
  readonly clock: RetentionClock;

  constructor(newestRecord?: number) {
    this.clock = new RetentionClock({
      wall: () => this.wall,
      steady: () => this.steady,
      newestRecord,
      warn: (message) => void this.warnings.push(message),
    });
  }

  get wall(): number {
    return this.steady + this.offset;
  }

  /** Lets time pass, looking every ten seconds; answers what the clock said last. */
  pass(ms: number): number {
    let said = this.clock.now();
    for (let left = ms; left > 0; left -= 10 * SECOND) {
      this.steady += Math.min(left, 10 * SECOND);
      said = this.clock.now();
    }
    return said;
  }
}

test('goes with a clock that only runs, also when it is corrected by seconds', () => {
  const machine = new Machine();
  expect(machine.pass(HOUR)).toBe(START + HOUR);
  machine.offset += 20 * SECOND;
  expect(machine.pass(SECOND)).toBe(machine.wall);
  machine.offset -= 20 * SECOND;
  expect(machine.pass(SECOND)).toBe(machine.wall);
  expect(machine.warnings).toEqual([]);
});

test('a clock that jumps a year ahead for some minutes is never followed', () => {
  const machine = new Machine();
  machine.pass(MINUTE);
  machine.offset += YEAR;
  expect(machine.pass(10 * MINUTE)).toBe(START + 11 * MINUTE);
  machine.offset -= YEAR;
  expect(machine.pass(SECOND)).toBe(machine.wall);
  expect(machine.warnings).toEqual([expect.stringContaining('the clock went ahead by 365 days')]);
});

test('a clock that stays ahead is followed after an hour, and one that jumps again from then on', () => {
  const machine = new Machine();
  machine.offset += 3 * HOUR;
  expect(machine.pass(50 * MINUTE)).toBe(START + 50 * MINUTE);
  machine.offset += DAY;
  expect(machine.pass(50 * MINUTE)).toBe(START + 100 * MINUTE);
  expect(machine.pass(11 * MINUTE)).toBe(machine.wall);
  expect(machine.pass(MINUTE)).toBe(machine.wall);
  expect(machine.warnings).toEqual([expect.stringContaining('3.0 hours'), expect.stringContaining('27.0 hours')]);
});

test('a clock that is set back is followed at once', () => {
  const machine = new Machine();
  machine.offset -= YEAR;
  expect(machine.pass(SECOND)).toBe(machine.wall);
  expect(machine.warnings).toEqual([]);
});

test('a machine that sleeps, and one whose steady clock goes ahead too, is not followed at once', () => {
  const asleep = new Machine();
  asleep.offset += 8 * HOUR;
  expect(asleep.pass(SECOND)).toBe(START + SECOND);
  const both = new Machine();
  both.steady += YEAR;
  expect(both.clock.now()).toBe(START + 10 * MINUTE);
});

test.each([
  ['a service that was off for an hour', HOUR, START],
  ['a service whose newest record has a time to come', -YEAR, START],
  ['a machine that starts a year ahead', YEAR, START - YEAR],
])('%s', (_name, age, expected) => {
  const machine = new Machine(START - age);
  expect(machine.clock.now()).toBe(expected);
  expect(machine.pass(HOUR)).toBe(machine.wall);
  expect(machine.warnings).toEqual([]);
});
