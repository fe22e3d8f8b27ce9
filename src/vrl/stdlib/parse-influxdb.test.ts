import { callFunction, error, f, t, testCalls } from '../testing/run';
import { functions } from './parse-influxdb';

const metric = (name: string, value: number, more: object = {}) => ({
  name,
  kind: 'absolute',
  gauge: { value: f(value) },
  ...more,
});

describe('parse_influxdb', () => {
  testCalls(functions, [
    [
      'parse_influxdb',
      [
        'cpu,host=A,region=us-west usage_system=64i,usage_user=10u,temperature=50.5,on=true,off=false 1590488773254420000',
      ],
      ['usage_system', 'usage_user', 'temperature', 'on', 'off'].map((field, i) =>
        metric(`cpu_${field}`, [64, 10, 50.5, 1, 0][i]!, {
          tags: { host: 'A', region: 'us-west' },
          timestamp: t('2020-05-26T10:26:13.254420Z'),
        }),
      ),
    ],
    [
      'parse_influxdb',
      ['m f=1e3\n\n# comment\nm\\ x,t\\,g=v\\=1 f=-2'],
      [metric('m_f', 1000), metric('m x_f', -2, { tags: { 't,g': 'v=1' } })],
    ],
    ['parse_influxdb', [''], []],
    [
      'parse_influxdb',
      ['m f=18446744073709551615u 1 '],
      [metric('m_f', 2 ** 64, { timestamp: t('1970-01-01T00:00:00.000000001Z') })],
    ],
    ['parse_influxdb', ['m\\=a,b\\q=c=d e,f=t'], [metric('m\\=a_e,f', 1, { tags: { 'b\\q': 'c=d' } })]],
    // A comma behind the first field may stand there for nothing.
    ['parse_influxdb', ['m f=1,'], [metric('m_f', 1)]],
    [
      'parse_influxdb',
      ['m f="te\\"xt",g=1'],
      error(/^Error while converting .* field set values of type string are not supported$/),
    ],
  ]);
  test.each([
    [',a=b f=1', 'Invalid measurement was provided'],
    ['m,t f=1', 'Tag Set Malformed'],
    ['m,', 'Tag Set Malformed'],
    ['m', 'A generic parsing error occurred: TakeWhile1'],
    ['m,a=b,c f=1', 'A generic parsing error occurred: TakeWhile1'],
    ['text of a log', 'No fields were provided'],
    ['m f=NaN', 'No fields were provided'],
    ['m f="open', 'No fields were provided'],
    ['m f=1 x', "Could not parse entire line. Found trailing content: ' x'"],
    ['m f=1 2 x', "Could not parse entire line. Found trailing content: 'x'"],
    ['m f=1,g=x', "Could not parse entire line. Found trailing content: 'g=x'"],
    ['m f=1,g=2,', "Could not parse entire line. Found trailing content: ','"],
    ['m f=1.5i', "Could not parse entire line. Found trailing content: 'i'"],
    ['m f=99999999999999999999i', "Unable to parse integer value '99999999999999999999'"],
    ['m f=18446744073709551616u', "Unable to parse unsigned integer value '18446744073709551616'"],
    ['m f=1 -9223372036854775809', "Unable to parse timestamp value '-9223372036854775809'"],
    ['m\\', 'Measurements, tag keys and values, and field keys may not end with a backslash'],
    ['m f=1\nm', 'A generic parsing error occurred: TakeWhile1'],
  ])('%j is refused: %s', (line, reason) => {
    expect(callFunction(functions[0]!, [line])).toEqual({ error: `InfluxDB line protocol parsing error: ${reason}` });
  });
});
