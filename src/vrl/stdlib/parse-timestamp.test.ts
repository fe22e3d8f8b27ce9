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
    ['parse_timestamp', ['say "x"', '%Q'], error('Invalid timestamp "say \\"x\\"": bad or unsupported format string')],
    ['parse_timestamp', ['2020-13-x', '%F'], error('Invalid timestamp "2020-13-x": input is out of range')],
    ['parse_timestamp', ['25:00 x', '%H:%M %F'], error('Invalid timestamp "25:00 x": input is out of range')],
    ['parse_timestamp', ['-1', '%s'], error('Invalid timestamp "-1": input contains invalid characters')],
    ['parse_timestamp', ['13 AM 2020-10-10 10', '%H %p %F %M'], error(/no possible date and time matching input$/)],
    ['parse_timestamp', ['tuesday 10 Oct 2000 1:1', '%a %d %b %Y %R'], error(/input contains invalid characters$/)],
    ['parse_timestamp', ['tuesday 10 October 2000 1:1', '%A %d %B %Y %R'], t('2000-10-10T01:01:00Z')],
    ['parse_timestamp', ['2000-1-1 1:2:3.5 UTC', '%+'], t('2000-01-01T01:02:03.5Z')],
    ['parse_timestamp', ['2000-10-10T13:55:36 -07:00', '%+'], t('2000-10-10T20:55:36Z')],
    ['parse_timestamp', ['2000-10-10T13:55:36', '%+'], error(/premature end of input$/)],
    ['parse_timestamp', ['2000-10-10', '%+'], error(/premature end of input$/)],
    ['parse_timestamp', ['2000-10-10 10:00 +01', '%F %R %#z'], t('2000-10-10T09:00:00Z')],
    ['parse_timestamp', ['2020', '%F'], error('Invalid timestamp "2020": premature end of input')],
  ]);

  test("reads zoneless text in the program's timezone", () => {
    const result = callFunction(functions[0]!, ['2020-01-10 16:00:00', '%F %T'], 'America/New_York');
    expect(result).toEqual({ value: t('2020-01-10T21:00:00Z') });
  });
});
