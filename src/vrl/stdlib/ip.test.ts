import * as fc from 'fast-check';
import { error, testCalls, testCodes } from '../testing/run';
import { functions } from './ip';
import { parseCidr } from './ip/cidr';
import { deterministicCipher, prefixCipher } from './ip/ipcrypt';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

describe('numbers and bytes', () => {
  testCalls(functions, [
    ['ip_aton', ['1.2.3.4'], 16909060],
    ['ip_aton', ['255.255.255.255'], 4294967295],
    ['ip_aton', ['1.2.3'], error('unable to parse IPv4 address: invalid IPv4 address syntax')],
    ['ip_aton', ['::1'], error('unable to parse IPv4 address: invalid IPv4 address syntax')],
    ['ip_ntoa', [16909060], '1.2.3.4'],
    ['ip_ntoa', [4294967295], '255.255.255.255'],
    ['ip_ntoa', [-1], error('cannot convert to bytes: integer does not fit in u32')],
    ['ip_ntoa', [2n ** 60n], error(/^cannot convert to bytes/)],
    ['ip_pton', ['192.168.0.1'], hex('c0a80001')],
    ['ip_pton', ['::1'], hex('00000000000000000000000000000001')],
    ['ip_pton', ['x'], error('unable to parse IP address: invalid IP address syntax')],
    ['ip_ntop', [hex('c0a80001')], '192.168.0.1'],
    ['ip_ntop', [hex('20010db8000000000000000000000001')], '2001:db8::1'],
    ['ip_ntop', ['abc'], error('"value" must be of length 4 or 16 bytes')],
  ]);
});

describe('ip_cidr_contains', () => {
  testCalls(functions, [
    ['ip_cidr_contains', ['192.168.0.0/16', '192.168.10.32'], true],
    ['ip_cidr_contains', ['192.168.0.0/20', '192.168.16.1'], false],
    ['ip_cidr_contains', ['192.168.0.0/20', '192.168.15.255'], true],
    ['ip_cidr_contains', ['10.0.0.1', '10.0.0.1'], true],
    ['ip_cidr_contains', ['0.0.0.0/0', '10.0.0.1'], true],
    ['ip_cidr_contains', ['0.0.0.0/0', '::ffff:10.0.0.1'], false],
    ['ip_cidr_contains', ['2001:4f8:4:ba::/64', '2001:4f8:4:ba:2e0:81ff:fe22:d1f1'], true],
    ['ip_cidr_contains', [['10.0.0.0/8', '192.168.0.0/16'], '192.168.1.1'], true],
    ['ip_cidr_contains', [['10.0.0.0/8'], '192.168.1.1'], false],
    ['ip_cidr_contains', [[], '192.168.1.1'], false],
    ['ip_cidr_contains', ['10.0.0.0/8', 'x'], error('unable to parse IP address: invalid IP address syntax')],
    ['ip_cidr_contains', ['10.0.0.0/33', '10.0.0.1'], error('"cidr" must be valid cidr')],
    ['ip_cidr_contains', [[1], '10.0.0.1'], error('"cidr" must be string')],
  ]);
  testCodes([
    ['ip_cidr_contains!("10.0.0.0/8", string!(.a))', []],
    ['ip_cidr_contains!("10.0.0.0/40", string!(.a))', [610]],
    ['ip_cidr_contains!(["10.0.0.0/8", "x"], string!(.a))', [610]],
  ]);
  test.each(['10.0.0.1/8', '10.0.0.0/', '10.0.0.0/-1', '::/129', '/8', '10.0.0.0/8/8'])('%s is no network', (text) => {
    expect(typeof parseCidr(text)).toBe('string');
  });
});

describe('ip_subnet', () => {
  testCalls(functions, [
    ['ip_subnet', ['192.168.10.32', '255.255.255.0'], '192.168.10.0'],
    ['ip_subnet', ['192.168.10.32', '/24'], '192.168.10.0'],
    ['ip_subnet', ['192.168.10.255', '/31'], '192.168.10.254'],
    ['ip_subnet', ['192.168.10.32', '/0'], '0.0.0.0'],
    ['ip_subnet', ['2400:6800::8a2e:370:7334', '/32'], '2400:6800::'],
    ['ip_subnet', ['2400:6800::8a2e:370:7334', 'ffff::'], '2400::'],
    ['ip_subnet', ['192.168.10.32', '/33'], error('subnet cannot be greater than 32 for ipv4 addresses')],
    ['ip_subnet', ['::1', '/129'], error('subnet cannot be greater than 128 for ipv6 addresses')],
    ['ip_subnet', ['192.168.10.32', 'ffff::'], error('attempting to mask an ipv4 address with an ipv6 mask')],
    ['ip_subnet', ['::1', '255.0.0.0'], error('attempting to mask an ipv6 address with an ipv4 mask')],
    ['ip_subnet', ['::1', '/x'], error('/x is not a valid subnet')],
    ['ip_subnet', ['::1', 'x'], error('unable to parse mask: invalid IP address syntax')],
    ['ip_subnet', ['x', '/1'], error(/^unable to parse IP address/)],
  ]);
});

describe('families', () => {
  testCalls(functions, [
    ['ip_to_ipv6', ['192.168.10.32'], '::ffff:192.168.10.32'],
    ['ip_to_ipv6', ['2001:DB8::1'], '2001:db8::1'],
    ['ip_to_ipv6', [''], error(/^unable to parse IP address/)],
    ['ipv6_to_ipv4', ['::ffff:192.168.0.1'], '192.168.0.1'],
    ['ipv6_to_ipv4', ['::192.168.0.1'], '192.168.0.1'],
    ['ipv6_to_ipv4', ['192.168.0.1'], '192.168.0.1'],
    ['ipv6_to_ipv4', ['2001:db8::1'], error('IPV6 address 2001:db8::1 is not compatible with IPV4')],
    ['is_ipv4', ['10.0.102.37'], true],
    ['is_ipv4', ['::1'], false],
    ['is_ipv4', [''], false],
    ['is_ipv6', ['::1'], true],
    ['is_ipv6', ['10.0.102.37'], false],
  ]);
});

const AES_KEY = hex('0123456789abcdeffedcba9876543210');
const PFX_KEY = hex('0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301');

describe('encrypted addresses', () => {
  testCalls(functions, [
    // Vectors of the specification (draft-denis-ipcrypt).
    ['encrypt_ip', ['0.0.0.0', AES_KEY, 'aes128'], 'bde9:6789:d353:824c:d7c6:f58a:6bd2:26eb'],
    ['decrypt_ip', ['bde9:6789:d353:824c:d7c6:f58a:6bd2:26eb', AES_KEY, 'aes128'], '0.0.0.0'],
    ['encrypt_ip', ['0.0.0.0', PFX_KEY, 'pfx'], '151.82.155.134'],
    ['encrypt_ip', ['192.0.2.1', PFX_KEY, 'pfx'], '100.115.72.131'],
    ['encrypt_ip', ['2001:db8::1', PFX_KEY, 'pfx'], 'c180:5dd4:2587:3524:30ab:fa65:6ab6:f88'],
    ['decrypt_ip', ['100.115.72.131', PFX_KEY, 'pfx'], '192.0.2.1'],
    ['encrypt_ip', ['1.2.3.4', 'short', 'aes128'], error('aes128 mode requires a 16-byte key for IPv4')],
    ['encrypt_ip', ['::1', 'short', 'pfx'], error('pfx mode requires a 32-byte key for IPv6')],
    ['encrypt_ip', ['::1', 'short', 'rot13'], error("Invalid mode 'rot13'. Must be 'aes128' or 'pfx'")],
    ['decrypt_ip', ['x', AES_KEY, 'aes128'], error('unable to parse IP address: invalid IP address syntax')],
  ]);

  const address = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  );
  test.each([
    ['aes128', deterministicCipher(AES_KEY)],
    ['pfx', prefixCipher(PFX_KEY)],
  ])('%s is undone', (_mode, cipher) => {
    fc.assert(
      fc.property(address, (plain) => {
        expect(cipher.decrypt(cipher.encrypt(plain))).toEqual(plain);
      }),
      { numRuns: 30 },
    );
  });

  test('pfx keeps common prefixes and no more', () => {
    const cipher = prefixCipher(PFX_KEY);
    const [a, b] = [cipher.encrypt(hex('0a000001')), cipher.encrypt(hex('0a000101'))];
    expect(a.subarray(0, 2)).toEqual(b.subarray(0, 2));
    expect((a[2]! ^ b[2]!) & 0xff).toBe(1);
  });
});
