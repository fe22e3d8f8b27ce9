import type { SyslogError } from './errors';
import { SyslogSender, formatClient, senderAddress } from './sender';

test.each([
  ['192.0.2.7:514', '192.0.2.7'],
  ['192.0.2.7', '192.0.2.7'],
  ['[2001:db8::1]:514', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::1', '::1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['[fe80::1%eth0]:514', 'fe80::1%eth0'],
  ['[::ffff:192.0.2.7]:514', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['[::FFFF:192.0.2.7]:514', '192.0.2.7'],
  ['[::ffff:c000:207]:514', '::ffff:c000:207'],
  ['host.example.com:514', 'host.example.com'],
  ['[2001:db8::1', '2001:db8::1'],
  ['', ''],
])('the address of %j is %j', (client, address) => {
  expect(senderAddress(client)).toBe(address);
});

test.each([
  ['192.0.2.7', '192.0.2.7:514'],
  ['::ffff:192.0.2.7', '192.0.2.7:514'],
  ['2001:db8::1', '[2001:db8::1]:514'],
])('the client of %s is %s', (address, client) => {
  expect(formatClient(address, 514)).toBe(client);
});

test.each(['Europe/Nowhere', '', '+25:00', '02:00'])('the time zone %j is refused', (timezone) => {
  expect(() => new SyslogSender('192.0.2.7:514', '', timezone)).toThrow(
    expect.objectContaining({ name: 'SyslogError', code: 'INVALID_TIMEZONE' }) as SyslogError,
  );
});
