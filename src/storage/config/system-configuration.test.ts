import { isOrigin, parseSystemConfiguration } from './system-configuration';

describe('isOrigin', () => {
  test.each([
    '192.0.2.7',
    '10.0.0.0/8',
    '0.0.0.0/0',
    '192.0.2.7/32',
    '::1',
    '2001:db8::/32',
    '::/0',
    '::ffff:192.0.2.7/128',
  ])('takes %j', (text) => expect(isOrigin(text)).toBe(true));

  test.each([
    '',
    'localhost',
    '192.0.2',
    '192.0.2.256',
    '192.0.2.7/33',
    '192.0.2.7/',
    '192.0.2.7/08',
    '192.0.2.7/-1',
    '192.0.2.7/8/8',
    '192.0.2.7/8 ',
    ' 192.0.2.7',
    '::1/129',
    'fe80::1%eth0',
    '/8',
    '192.0.2.7/1e1',
  ])('refuses %j', (text) => expect(isOrigin(text)).toBe(false));
});

test.each([
  ['{}', { syslog_allowed_origins: [], default_roles: [] }],
  ['null', { syslog_allowed_origins: [], default_roles: [] }],
  [
    '{"syslog_allowed_origins":["::1",7],"default_roles":null,"more":1}',
    { syslog_allowed_origins: ['::1'], default_roles: [] },
  ],
])('reads %s', (text, expected) => {
  expect(parseSystemConfiguration(text)).toEqual(expected);
});
