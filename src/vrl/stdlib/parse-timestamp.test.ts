import { callFunction, error, t, testCalls } from '../testing/run';
import { functions } from './parse-timestamp';

describe('parse_timestamp', () => {
  testCalls(functions, [
    ['parse_timestamp', ['10-Oct-2020 16:00', '%v %R %:z'], error(/premature end of input$/)],
    ['parse_timestamp', ['10-Oct-2020 16:00 +02:00', '%v %R %:z'], t('2020-10-10T14:00:00Z')],
    ['parse_timestamp', ['2020-10-10 16:00:00', '%F %T'], t('2020-10-10T16:00:00Z')],
    ['parse_timestamp', ['2020-10-10 16:00:00', '%F %T', 'Europe/Paris'], t('2020-10-10T14:00:00Z')],
    ['parse_timestamp', ['1602345600', '%s'], t('2020-10-10T16:00:00Z')],
    ['parse_timestamp', [t('2020-10-10T16:00:00Z'), '%s'], t('2020-10-10T16:00:00Z')],
    ['parse_timestamp', ['x', '%F %T', 'Nowhere/Land'], error('unable to parse timezone: Nowhere/Land')],
    ['parse_timestamp', ['x', '%Q'], error('Invalid timestamp "x": bad or unsupported format string')],
    ['parse_timestamp', ['2020', '%F'], error('Invalid timestamp "2020": premature end of input')],
  ]);

  test("reads zoneless text in the program's timezone", () => {
    const result = callFunction(functions[0]!, ['2020-01-10 16:00:00', '%F %T'], 'America/New_York');
    expect(result).toEqual({ value: t('2020-01-10T21:00:00Z') });
  });
});
