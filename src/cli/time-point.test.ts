import { parseTimePoint } from './time-point';

const NOW = Date.parse('2024-05-01T12:00:00Z');

describe('parseTimePoint', () => {
  it.each([
    ['now', '2024-05-01T12:00:00.000Z'],
    ['now-15m', '2024-05-01T11:45:00.000Z'],
    ['1y', '2023-05-02T12:00:00.000Z'],
    ['1500us', '2024-05-01T11:59:59.999Z'],
    ['15m', '2024-05-01T11:45:00.000Z'],
    ['1h30m', '2024-05-01T10:30:00.000Z'],
    ['250ms', '2024-05-01T11:59:59.750Z'],
    ['1w1d', '2024-04-23T12:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2024-05-01T14:00:00.5+02:00', '2024-05-01T12:00:00.500Z'],
    ['2024-05-01 12:00:00z', '2024-05-01T12:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(new Date(parseTimePoint(text, NOW, '--from')).toISOString()).toBe(expected);
  });

  it.each([
    '',
    '15',
    'm',
    '15 m',
    '-15m',
    '15q',
    'now-',
    'now-2024-05-01T12:00:00Z',
    '2024-05-01',
    '2024-13-01T00:00:00Z',
    'yesterday',
    '99999999999w',
    `${'1m'.repeat(50_000)}x`,
  ])('refuses %.40s', (text) => {
    expect(() => parseTimePoint(text, NOW, '--from')).toThrow(/^--from: expected a duration such as 15m/);
  });
});
