import { TokenUsage } from './token-usage';

describe('TokenUsage', () => {
  test.each([
    [undefined, true],
    [1_000_000, false],
    [1_000_000 - 59_999, false],
    [1_000_000 - 60_000, true],
    [1_000_001, false],
  ])('last use at %p is due again: %p', (lastUsedAt, due) => {
    expect(TokenUsage.isDue(lastUsedAt, 1_000_000)).toBe(due);
  });

  test('writes what gathered in a second at once', async () => {
    jest.useFakeTimers();
    try {
      const written: Map<string, number>[] = [];
      const usage = new TokenUsage((lastUses) => {
        written.push(new Map(lastUses));
        return Promise.resolve();
      });
      usage.note('a', 1);
      usage.note('b', 2);
      usage.note('a', 3);
      expect(usage.pending('a')).toBe(3);
      expect(written).toEqual([]);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(written).toEqual([
        new Map([
          ['a', 3],
          ['b', 2],
        ]),
      ]);
      await jest.advanceTimersByTimeAsync(10_000);
      expect(written).toHaveLength(1);
    } finally {
      jest.useRealTimers();
    }
  });

  test('keeps what could not be written for the next time', async () => {
    let full = true;
    const written: Map<string, number>[] = [];
    const usage = new TokenUsage((lastUses) => {
      if (full) {
        return Promise.reject(new Error('disk full'));
      }
      written.push(new Map(lastUses));
      return Promise.resolve();
    });
    usage.note('a', 1);
    await usage.flush();
    full = false;
    usage.note('b', 2);
    await usage.flush();
    expect(written).toEqual([
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ]);
  });
});
