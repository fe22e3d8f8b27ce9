import fc from 'fast-check';
import { doubleText, int64Text, uint64Text } from './number-text';

const high = (bits: bigint) => Number((bits >> 32n) & 0xffffffffn);
const low = (bits: bigint) => Number(bits & 0xffffffffn);

describe('integers of two halves', () => {
  const bits = fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: 10n ** 18n, max: 10n ** 19n }),
    fc.constantFrom(
      0n,
      1n,
      2n ** 31n,
      2n ** 32n - 1n,
      2n ** 32n,
      2n ** 63n,
      2n ** 64n - 1n,
      10n ** 18n,
      10n ** 19n,
      10n ** 19n - 1n,
    ),
  );

  it('have the decimal text of the unsigned integer', () => {
    fc.assert(
      fc.property(bits, (value) => expect(uint64Text(high(value), low(value))).toBe(value.toString())),
      { numRuns: 1000 },
    );
  });

  it('have the decimal text of the signed integer', () => {
    fc.assert(
      fc.property(bits, (value) =>
        expect(int64Text(high(value), low(value))).toBe(BigInt.asIntN(64, value).toString()),
      ),
    );
  });
});

describe('doubles', () => {
  it('have a text that reads back as the same double and none that is shorter', () => {
    const plain = fc.tuple(fc.maxSafeInteger(), fc.integer({ min: 0, max: 9 })).map(([n, digits]) => n / 10 ** digits);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double(),
          plain,
          fc.integer().map((n) => n / 1000),
        ),
        (value) => {
          const text = doubleText(value);
          expect(Object.is(Number(text), value)).toBe(true);
          if (!Object.is(value, -0)) expect(text).toBe(String(value));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
