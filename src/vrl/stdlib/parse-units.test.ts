import { error, f, testCalls } from '../testing/run';
import { functions } from './parse-units';

describe('parse_duration', () => {
  testCalls(functions, [
    ['parse_duration', ['1005ms', 's'], f(1.005)],
    ['parse_duration', ['1h5m', 'm'], f(65)],
    ['parse_duration', ['1.5 s', 'ms'], f(1500)],
    ['parse_duration', ['.5m', 's'], f(30)],
    ['parse_duration', ['took 1s and 2s', 's'], f(3)],
    ['parse_duration', ['1.2.3s', 's'], f(2.3)],
    ['parse_duration', ['1w', 'd'], f(7)],
    ['parse_duration', ['1µs', 'ns'], f(1000)],
    ['parse_duration', ['100ms', 'd'], f(100 / 86_400_000)],
    ['parse_duration', ['0.1s', 'ms'], f(100)],
    ['parse_duration', ['', 's'], f(0)],
    ['parse_duration', ['1s x', 's'], error("unable to parse duration: ' x'")],
    ['parse_duration', ['foo', 's'], error("unable to parse duration: 'foo'")],
    ['parse_duration', ['1S', 's'], error("unknown duration unit: 'S'")],
    ['parse_duration', ['1s', 'year'], error("unknown unit format: 'year'")],
    ['parse_duration', [`${'9'.repeat(40)}s`, 's'], error(/^unable to parse number/)],
  ]);

  test('looks for a unit behind many digits in linear time', () => {
    testUnits('1.'.repeat(200_000));
    testUnits('1'.repeat(400_000));
  });
  const testUnits = (text: string) =>
    expect(() => (functions[0] as unknown as { run: (a: string, b: string) => unknown }).run(text, 's')).toThrow();
});

describe('parse_bytes', () => {
  testCalls(functions, [
    ['parse_bytes', ['1024KiB', 'MiB'], f(1)],
    ['parse_bytes', ['1024KB', 'MB'], f(1)],
    ['parse_bytes', ['1.5 GiB', 'B'], f(1610612736)],
    ['parse_bytes', ['4SB', 'B'], error("unknown bytes unit: 'SB'")],
    ['parse_bytes', ['1000kB', 'MB', '10'], f(1)],
    ['parse_bytes', ['1KiB', 'B', '10'], error("unknown bytes unit: 'KiB'")],
    ['parse_bytes', ['x 1B', 'B'], error("unable to parse bytes: 'x 1B'")],
    ['parse_bytes', ['1B ', 'B'], error("unable to parse bytes: '1B '")],
    ['parse_bytes', ['1B', 'ZB'], error("unknown unit format: 'ZB'")],
  ]);
});
