import { isIPv4, isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import { formatIp, parseIp, parseIpv4, parseIpv6 } from './address';

test.each([
  ['1.2.3.4', '1.2.3.4'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['1:2:3:0:5:6:7:8', '1:2:3:0:5:6:7:8'],
  ['::ffff:1.2.3.4', '::ffff:1.2.3.4'],
  ['::1.2.3.4', '::102:304'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
])('%s is shown as %s', (text, shown) => {
  expect(formatIp(parseIp(text)!)).toBe(shown);
});

test.each(['', '1.2.3', '1.2.3.4.5', '01.2.3.4', '256.1.1.1', '1.2.3.4 ', '1..2.3', '+1.2.3.4'])(
  '%p is not IPv4',
  (text) => {
    expect(parseIpv4(text)).toBeUndefined();
  },
);

test.each([
  '',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '::fffff',
  'fe80::1%eth0',
  '1.2.3.4::',
  '::1.2.3.4:5',
  ':1',
  '1:',
])('%p is not IPv6', (text) => {
  expect(parseIpv6(text)).toBeUndefined();
});

test('reads what Node reads', () => {
  const piece = fc.constantFrom(':', '::', '.', '0', '1', 'ffff', '12', '255', '256', 'g');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const text = pieces.join('');
      expect(parseIpv4(text) !== undefined).toBe(isIPv4(text));
      expect(parseIpv6(text) !== undefined).toBe(isIPv6(text));
    }),
  );
});

test('text and address are two forms of the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (address) => {
      expect(parseIp(formatIp(address))).toEqual(address);
    }),
  );
});
