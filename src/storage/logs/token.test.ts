import fc from 'fast-check';
import { buildBloomFilter, mayContain } from './bloom-filter';
import { addTokens, HashSet, requiredTokens, type TextPosition } from './token';

function tokensOf(text: string): Set<number> {
  const set = new HashSet();
  addTokens(text, 0, text.length, set);
  return new Set(set.values());
}

test.each<[text: string, count: number]>([
  ['', 0],
  ['--- ...', 0],
  ['one', 1],
  ['one two one', 2],
  ['user_id=42;', 2],
  ['größe 10€', 2],
  ['GET /index.html', 3],
])('%j has %i tokens', (text, count) => {
  expect(tokensOf(text).size).toBe(count);
});

test.each<[text: string, position: TextPosition, count: number]>([
  ['needle', 'inside', 0],
  ['needle', 'whole', 1],
  ['needle', 'prefix', 0],
  ['needle', 'suffix', 0],
  [' needle ', 'inside', 1],
  ['a-b-c', 'inside', 1],
  ['a-b-c', 'prefix', 2],
  ['a-b-c', 'suffix', 2],
  ['a-b-c', 'whole', 3],
])('%j as %s requires %i tokens', (text, position, count) => {
  expect(requiredTokens(text, position)).toHaveLength(count);
});

test('tokens required of a text are among those of every text that has it', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', ' ', '-', '_', 'é', '😀'), maxLength: 12 });
  fc.assert(
    fc.property(text, text, text, (before, wanted, after) => {
      const cases: [string, TextPosition][] = [
        [before + wanted + after, 'inside'],
        [wanted + after, 'prefix'],
        [before + wanted, 'suffix'],
        [wanted, 'whole'],
      ];
      for (const [value, position] of cases) {
        const tokens = tokensOf(value);
        for (const hash of requiredTokens(wanted, position)) expect(tokens.has(hash)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

test('a filter never denies what it was built from, and denies most of the rest', () => {
  const set = new HashSet();
  for (let i = 0; i < 5_000; i++) addTokens(`token${i}`, 0, 20, set);
  const filter = buildBloomFilter(set);
  for (const hash of set.values()) expect(mayContain(filter, hash)).toBe(true);
  let wrong = 0;
  for (let i = 0; i < 5_000; i++) {
    const [hash] = requiredTokens(`other${i}`, 'whole');
    if (mayContain(filter, hash as number)) wrong++;
  }
  expect(wrong).toBeLessThan(150);
});
