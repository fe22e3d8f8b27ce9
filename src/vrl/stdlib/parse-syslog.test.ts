import { callFunction, error, t, testCalls } from '../testing/run';
import { functions } from './parse-syslog';
import { guessYear } from './syslog/rfc3164';

const year = new Date().getUTCFullYear();

describe('parse_syslog of RFC 5424', () => {
  testCalls(functions, [
    [
      'parse_syslog',
      [
        '<13>1 2020-03-13T20:45:38.119Z dynamicwireless.name non 2426 ID931 [ex@32473 iut="3" a="x\\"y\\]\\n\\q"] Try to override',
      ],
      {
        severity: 'notice',
        facility: 'user',
        timestamp: t('2020-03-13T20:45:38.119Z'),
        hostname: 'dynamicwireless.name',
        appname: 'non',
        procid: 2426,
        msgid: 'ID931',
        'ex@32473': { iut: '3', a: 'x"y]\n\\q' },
        message: 'Try to override',
        version: 1,
      },
    ],
    [
      'parse_syslog',
      ['<191>1 - - - - - [a][b x=][c d="e"]  text'],
      { severity: 'debug', facility: 'local7', version: 1, a: {}, c: { d: 'e' }, message: 'text' },
    ],
    [
      'parse_syslog',
      ['1 2020-03-13T20:45:38+01:00 h a proc - -'],
      { timestamp: t('2020-03-13T19:45:38Z'), hostname: 'h', appname: 'a', procid: 'proc', version: 1, message: '' },
    ],
    ['parse_syslog', ['<250>1 - - - - - - m'], { severity: 'crit', version: 1, message: 'm' }],
  ]);
});

describe('parse_syslog of RFC 3164', () => {
  const at = (time: string) => t(`${year}-${time}Z`);
  testCalls(functions, [
    [
      'parse_syslog',
      ['<34>Feb 11 22:14:15 mymachine su[77]: it failed: x'],
      {
        severity: 'crit',
        facility: 'auth',
        timestamp: at('02-11T22:14:15'),
        hostname: 'mymachine',
        appname: 'su',
        procid: 77,
        message: 'it failed: x',
      },
    ],
    ['parse_syslog', ['Feb  1 02:03:04 host : m'], { timestamp: at('02-01T02:03:04'), hostname: 'host', message: 'm' }],
    [
      'parse_syslog',
      ['FEB 1 02:03:04: app[x]: m'],
      { timestamp: at('02-01T02:03:04'), appname: 'app', procid: 'x', message: 'm' },
    ],
    [
      'parse_syslog',
      ['Feb 1 2003 02:03:04 h t m'],
      { timestamp: t('2003-02-01T02:03:04Z'), hostname: 'h', appname: 't', message: 'm' },
    ],
    [
      'parse_syslog',
      ['<1>2020-10-11T22:14:15Z h a: [id k="v"] m'],
      {
        severity: 'alert',
        facility: 'kern',
        timestamp: t('2020-10-11T22:14:15Z'),
        hostname: 'h',
        appname: 'a',
        id: { k: 'v' },
        message: 'm',
      },
    ],
    [
      'parse_syslog',
      ['Feb 1 02:03:04 fe80::1 a[1]: m'],
      { timestamp: at('02-01T02:03:04'), hostname: 'fe80::1', appname: 'a', procid: 1, message: 'm' },
    ],
    [
      'parse_syslog',
      ['Feb 1 02:03:04 10.0.0.1:514 a b'],
      { timestamp: at('02-01T02:03:04'), hostname: '10.0.0.1:514', appname: 'a', message: 'b' },
    ],
    ['parse_syslog', ['Feb 1 02:03:04 ::1: m'], { timestamp: at('02-01T02:03:04'), hostname: '::1', message: 'm' }],
    [
      'parse_syslog',
      ['Feb 1 02:03:04 h a: [warn] m'],
      { timestamp: at('02-01T02:03:04'), hostname: 'h', appname: 'a', message: '[warn] m' },
    ],
    ['parse_syslog', ['Feb 30 02:03:04 h a: m'], error('unable to parse input as valid syslog message')],
    ['parse_syslog', ['not a syslog line'], error('unable to parse input as valid syslog message')],
    ['parse_syslog', ['<300>Feb 1 02:03:04 h a: m'], error('unable to parse input as valid syslog message')],
    [
      'parse_linux_authorization',
      ['Feb 1 02:03:04 h sshd[1]: m'],
      { timestamp: at('02-01T02:03:04'), hostname: 'h', appname: 'sshd', procid: 1, message: 'm' },
    ],
  ]);

  test("reads times in the program's timezone", () => {
    const result = callFunction(functions[0]!, ['Feb 1 02:03:04 h a: m'], 'America/New_York') as { value: object };
    expect(result.value).toMatchObject({ timestamp: at('02-01T07:03:04') });
  });

  test('a message of December that comes in January is of last year', () => {
    expect(guessYear(12, Date.UTC(2024, 0, 2) / 1000)).toBe(2023);
    expect(guessYear(11, Date.UTC(2024, 0, 2) / 1000)).toBe(2024);
    expect(guessYear(12, Date.UTC(2024, 11, 2) / 1000)).toBe(2024);
  });
});

test('keys of structured data reach no prototype', () => {
  const result = callFunction(functions[0]!, ['<1>1 - - - - - [__proto__ polluted="1"] m']) as { value: object };
  expect(Object.keys(result.value)).toContain('__proto__');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
