import { callFunction, error, f, t, testCalls, testCodes } from '../testing/run';
import { byteLength } from '../value/bytes';
import type { VrlFloat, VrlString, VrlValue } from '../value/value';
import { functions } from './random';

const byName = new Map(functions.map((definition) => [definition.name, definition]));

function many(name: string, ...args: unknown[]): VrlValue[] {
  return Array.from({ length: 200 }, () => {
    const result = callFunction(byName.get(name)!, args);
    if ('error' in result) throw new Error(result.error);
    return result.value;
  });
}

test('random_bool gives both', () => {
  expect(new Set(many('random_bool'))).toEqual(new Set([true, false]));
});

test('random_bytes gives so many bytes, never the same', () => {
  const values = many('random_bytes', 16);
  expect(values.every((value) => byteLength(value as VrlString) === 16)).toBe(true);
  expect(many('random_bytes', 65536)[0]).toBeDefined();
  expect(JSON.stringify(values[0])).not.toBe(JSON.stringify(values[1]));
});

test('random_int reaches all numbers of its range and no others', () => {
  expect(new Set(many('random_int', -1, 2))).toEqual(new Set([-1, 0, 1]));
  const wide = many('random_int', -(2n ** 63n), 2n ** 63n - 1n);
  expect(wide.some((value) => typeof value === 'bigint')).toBe(true);
});

test('random_float stays in its range', () => {
  const values = many('random_float', f(-1), f(1)).map((value) => (value as VrlFloat).value);
  expect(values.every((value) => value >= -1 && value < 1)).toBe(true);
  expect(new Set(values).size).toBeGreaterThan(150);
});

describe('what random functions refuse', () => {
  testCalls(functions, [
    ['random_bytes', [-1], error('Length cannot be negative')],
    ['random_bytes', [65537], error('Length is too large. Maximum is 64k')],
    ['random_int', [1, 1], error('max must be greater than min')],
    ['random_float', [f(1), f(1)], error('max must be greater than min')],
    ['random_float', [f(1), f(Infinity)], error('min and max must be finite')],
    ['random_float', [f(-1.7e308), f(1.7e308)], error('range max - min overflows')],
  ]);
  testCodes([
    ['random_int(0, 10)', []],
    ['random_int(10, 0)', [610]],
    ['random_int(0, to_int(now()))', [100]],
    ['random_float(0.0, 1.0)', []],
    ['random_float(1.0, 0.0)', [610]],
    ['random_bytes(16)', []],
    ['random_bytes(-16)', [610]],
    ['random_bytes(to_int(now()))', [100]],
  ]);
});

test('uuid_v4', () => {
  const values = many('uuid_v4') as string[];
  for (const value of values)
    expect(value).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(values).size).toBe(values.length);
});

test('uuid_v7 begins with the time', () => {
  const value = many('uuid_v7', t('2022-02-22T19:22:22.000Z'))[0] as string;
  expect(value).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt((many('uuid_v7')[0] as string).replace('-', '').slice(0, 12), 16) - Date.now()).toBeLessThan(5000);
  expect(many('uuid_v7', t('1960-01-01T00:00:00Z'))[0]).toMatch(/^00000000-0000-7/);
});

describe('uuid_from_friendly_id', () => {
  const undecodable = 'failed to decode friendly id: ';
  testCalls(functions, [
    ['uuid_from_friendly_id', ['0'], '00000000-0000-0000-0000-000000000000'],
    ['uuid_from_friendly_id', ['10'], '00000000-0000-0000-0000-00000000003e'],
    ['uuid_from_friendly_id', ['00000000000000000000000000z'], '00000000-0000-0000-0000-00000000003d'],
    ['uuid_from_friendly_id', ['7n42DGM5Tflk9n8mt7Fhc7'], 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    [
      'uuid_from_friendly_id',
      ['7n42DGM5Tflk9n8mt7Fhc8'],
      error(`${undecodable}Decoded number cannot fit into a \`u128\``),
    ],
    ['uuid_from_friendly_id', ['a-b'], error(`${undecodable}Encoded input contains the invalid byte b'-' at index 1`)],
    [
      'uuid_from_friendly_id',
      ['aä'],
      error(`${undecodable}Encoded input contains the invalid byte b'\\xc3' at index 1`),
    ],
    ['uuid_from_friendly_id', ["a'"], error(`${undecodable}Encoded input contains the invalid byte b'\\'' at index 1`)],
    ['uuid_from_friendly_id', [''], error(`${undecodable}Encoded input is an empty string`)],
  ]);
});
