import fc from 'fast-check';
import { parseRfc3339 } from './rfc3339';

test.each([
  ['1970-01-01T00:00:00Z', 0],
  ['2024-05-01T12:00:00.5Z', Date.UTC(2024, 4, 1, 12, 0, 0, 500)],
  ['2024-05-01t12:00:00z', Date.UTC(2024, 4, 1, 12)],
  ['2024-05-01 12:00:00Z', Date.UTC(2024, 4, 1, 12)],
  ['2024-05-01T12:00:00.123456789Z', Date.UTC(2024, 4, 1, 12, 0, 0, 123)],
  ['2024-05-01T14:00:00+02:00', Date.UTC(2024, 4, 1, 12)],
  ['2024-05-01T14:00:00 02:00', Date.UTC(2024, 4, 1, 12)],
  ['2024-05-01T05:30:00-06:30', Date.UTC(2024, 4, 1, 12)],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2016-12-31T23:59:60Z', Date.UTC(2016, 11, 31, 23, 59, 59)],
  ['0001-01-01T00:00:00Z', Date.parse('0001-01-01T00:00:00Z')],
])('%s', (text, expected) => {
  expect(parseRfc3339(text)).toBe(expected);
});

test.each([
  '',
  '2024',
  '2024-05-01',
  '2024-05-01T12:00:00',
  '2024-05-01T12:00Z',
  '2023-02-29T00:00:00Z',
  '2024-13-01T00:00:00Z',
  '2024-00-10T00:00:00Z',
  '2024-04-31T00:00:00Z',
  '2024-05-01T24:00:00Z',
  '2024-05-01T12:60:00Z',
  '2024-05-01T12:00:61Z',
  '2024-05-01T12:00:00.Z',
  '2024-05-01T12:00:00+2:00',
  '2024-05-01T12:00:00+24:00',
  ' 2024-05-01T12:00:00Z',
  '2024-05-01T12:00:00Z\n',
  '+002024-05-01T12:00:00Z',
])('%j is no date-time', (text) => {
  expect(parseRfc3339(text)).toBeUndefined();
});

test('what JavaScript writes is read back', () => {
  const date = fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  });
  fc.assert(fc.property(date, (value) => expect(parseRfc3339(value.toISOString())).toBe(value.getTime())));
});
