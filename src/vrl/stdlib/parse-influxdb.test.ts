import { error, f, t, testCalls } from '../testing/run';
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
    ['parse_influxdb', ['m f="text"'], error('string fields are not supported')],
    ['parse_influxdb', ['m f=NaN'], error(/^failed to parse InfluxDB line: unable to parse field value/)],
    ['parse_influxdb', ['m'], error(/^failed to parse InfluxDB line/)],
    ['parse_influxdb', ['m,t f=1'], error(/^failed to parse InfluxDB line/)],
    ['parse_influxdb', ['m f=1 x'], error(/^failed to parse InfluxDB line: unable to parse timestamp/)],
    ['parse_influxdb', ['m f=99999999999999999999i'], error(/out of range/)],
    ['parse_influxdb', ['m f="open'], error(/never closed/)],
  ]);
});
