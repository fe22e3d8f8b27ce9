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
    ['parse_duration', ['100ms', 'd'], f(1.1574074074074076e-6)],
    ['parse_duration', ['1d', 'w'], f(0.14285714285714288)],
    ['parse_duration', ['0.101225853013446w', 'ns'], f(61221395902532.14)],
    ['parse_duration', ['9999999999999999s', 'd'], f(115740740740.7407)],
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
    ['parse_bytes', ['1000kB', 'MB', '10'], f(1)],
    ['parse_bytes', ['1KiB', 'B', '10'], f(1024)],
    ['parse_bytes', ['102', 'B'], f(102)],
    ['parse_bytes', ['1k', 'B'], f(1024)],
    ['parse_bytes', ['1 mb', 'kB', '10'], f(1000)],
    ['parse_bytes', [' 1_000  KiB', 'KiB'], f(1000)],
    ['parse_bytes', ['1.5e3', 'B'], f(1500)],
    ['parse_bytes', ['1.0005KiB', 'B'], f(1025)],
    ['parse_bytes', ['0.1KiB', 'B'], f(102)],
    ['parse_bytes', ['1E', 'PiB'], f(1024)],
    ['parse_bytes', ['906', 'MiB'], f(0.0008640289306640626)],
    ['parse_bytes', ['990TiB', 'EiB'], f(0.0009441375732421875)],
    ['parse_bytes', ['2.12', 'PiB'], f(1.7763568394003e-15)],
    ['parse_bytes', ['999999999', 'KiB'], f(976562.4990234374)],
    ['parse_bytes', ['18446744073709551615', 'B'], f(2 ** 64)],
    ['parse_bytes', ['1e-400', 'B'], f(0)],
    ['parse_bytes', ['18446744073709551616', 'B'], error(/number too large to fit in target type/)],
    ['parse_bytes', ['99EiB', 'B'], error("unable to parse bytes: 'number too large to fit in target type'")],
    ['parse_bytes', ['4SB', 'B'], error("unable to parse bytes: 'invalid digit found in string'")],
    ['parse_bytes', ['x 1B', 'B'], error("unable to parse bytes: 'invalid digit found in string'")],
    ['parse_bytes', ['.5KiB', 'B'], error("unable to parse bytes: 'invalid digit found in string'")],
    ['parse_bytes', ['-1', 'B'], error("unable to parse bytes: 'invalid digit found in string'")],
    ['parse_bytes', ['', 'B'], error("unable to parse bytes: 'cannot parse integer from empty string'")],
    ['parse_bytes', ['KiB', 'B'], error("unable to parse bytes: 'cannot parse integer from empty string'")],
    ['parse_bytes', ['1B', 'ZB'], error("unknown unit format: 'ZB'")],
  ]);
});
