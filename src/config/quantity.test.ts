import { parseQuantity, type Unit } from './quantity';

describe('parseQuantity', () => {
  it.each<[unknown, Unit, number | undefined]>([
    [0, 'count', 0],
    ['12', 'count', 12],
    ['-1', 'count', -1],
    [4096, 'bytes', 4096],
    ['4096', 'bytes', 4096],
    ['16MiB', 'bytes', 16 * 1024 * 1024],
    ['1 GiB', 'bytes', 1024 ** 3],
    ['64KiB', 'bytes', 65536],
    ['5B', 'bytes', 5],
    ['10', 'seconds', 10],
    ['10s', 'seconds', 10],
    ['24h', 'seconds', 86_400],
    ['5000ms', 'seconds', 5],
    ['500', 'milliseconds', 500],
    ['2m', 'milliseconds', 120_000],
    ['1d', 'milliseconds', 86_400_000],
    // not a whole number of the unit
    ['500ms', 'seconds', undefined],
    [1.5, 'count', undefined],
    ['1.5', 'count', undefined],
    [Number.NaN, 'count', undefined],
    [Infinity, 'count', undefined],
    [2 ** 53, 'count', undefined],
    ['9007199254740993', 'count', undefined],
    // suffixes of another unit, another case, or none at all
    ['1s', 'bytes', undefined],
    ['1MiB', 'seconds', undefined],
    ['1mib', 'bytes', undefined],
    ['1MB', 'bytes', undefined],
    ['1s', 'count', undefined],
    ['', 'count', undefined],
    ['ten', 'count', undefined],
    ['0x10', 'count', undefined],
    ['1  s', 'seconds', undefined],
    [' 1', 'count', undefined],
    [true, 'count', undefined],
    [null, 'count', undefined],
    [['1'], 'count', undefined],
  ])('%j in %s is %j', (input, unit, expected) => {
    expect(parseQuantity(input, unit)).toBe(expected);
  });
});
