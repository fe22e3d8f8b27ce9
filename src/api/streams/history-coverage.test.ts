import fc from 'fast-check';
import type { RecordId } from '../../storage/log-store';
import { HistoryCoverage } from './history-coverage';

const byTime = (a: RecordId, b: RecordId): number => a.timestamp - b.timestamp || a.sequence - b.sequence;

test('says of every record whether it was on a page, however records come in between', () => {
  const timestamps = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 60 });
  const visible = fc.array(fc.nat(60), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      timestamps,
      visible,
      fc.integer({ min: 1, max: 7 }),
      fc.nat(10),
      fc.nat(60),
      (times, steps, pageSize, from, later) => {
        const records = times.map((timestamp, sequence) => ({ timestamp, sequence }));
        const prefixes = steps.map((step) => Math.min(step, records.length)).sort((a, b) => a - b);
        const coverage = new HistoryCoverage(from, later);
        const shown = new Set<number>();
        let after: RecordId = { timestamp: -1, sequence: -1 };
        for (let i = 0; ; i++) {
          const prefix = prefixes[i] ?? records.length;
          const rest = records
            .slice(0, prefix)
            .filter(({ timestamp, sequence }) => timestamp >= from || sequence > later)
            .sort(byTime)
            .filter((id) => byTime(id, after) > 0);
          const page = rest.slice(0, pageSize);
          const isLast = rest.length < pageSize;
          coverage.add(page, isLast);
          for (const { sequence } of page) shown.add(sequence);
          if (isLast) break;
          after = page.at(-1) as RecordId;
        }
        for (const id of records) expect([id, coverage.has(id)]).toEqual([id, shown.has(id.sequence)]);
      },
    ),
    { numRuns: 1000 },
  );
});

test('nothing was shown before the first page', () => {
  expect(new HistoryCoverage(0).has({ timestamp: 5, sequence: 1 })).toBe(false);
});
