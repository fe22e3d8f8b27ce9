import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Alphabet } from './alphabet';
import { hasCode, negate, normalize } from './code-ranges';

const codes = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 0x10ffff }));
const ranges = fc
  .array(fc.tuple(codes, codes), { maxLength: 5 })
  .map((pairs) => normalize(pairs.flatMap(([a, b]) => [Math.min(a, b), Math.max(a, b)])));

test('code points of one class are in the same sets', () => {
  fc.assert(
    fc.property(fc.array(ranges, { maxLength: 20 }), fc.array(codes), (sets, asked) => {
      const alphabet = new Alphabet(sets);
      for (const code of asked) {
        const sample = alphabet.samples[alphabet.classOf(code)];
        expect(sample).toBeDefined();
        expect(sets.map((set) => hasCode(set, sample ?? 0))).toEqual(sets.map((set) => hasCode(set, code)));
      }
    }),
  );
});

test('negating twice gives the set', () => {
  fc.assert(fc.property(ranges, (set) => expect(negate(negate(set))).toEqual(set)));
});

test('a set and its negation share no code point', () => {
  fc.assert(fc.property(ranges, codes, (set, code) => expect(hasCode(set, code)).toBe(!hasCode(negate(set), code))));
});
