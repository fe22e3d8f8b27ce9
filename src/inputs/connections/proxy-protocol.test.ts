import fc from 'fast-check';
import { ProxyProtocolError, readProxyHeader } from './proxy-protocol';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
const v2 = (hex: string): Buffer => Buffer.from(SIGNATURE + hex, 'hex');

test.each([
  ['PROXY TCP4 192.0.2.7 10.0.0.1 4096 514\r\nrest', { length: 40, source: { address: '192.0.2.7', port: 4096 } }],
  ['PROXY TCP6 2001:DB8:0:0::7 ::1 4096 514\r\n', { length: 41, source: { address: '2001:db8::7', port: 4096 } }],
  ['PROXY UNKNOWN\r\n', { length: 15, source: undefined }],
  ['PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n', { length: 35, source: undefined }],
])('version 1: %j', (text, expected) => {
  expect(readProxyHeader(Buffer.from(text))).toEqual(expected);
});

test.each([
  ['IPv4', '2111000cc00002070a00000110000202', { length: 28, source: { address: '192.0.2.7', port: 4096 } }],
  [
    'IPv6',
    `21210024${'20010db8000000000000000000000007'}${'0'.repeat(32)}10000202`,
    { length: 52, source: { address: '2001:db8::7', port: 4096 } },
  ],
  ['LOCAL', '20000000', { length: 16, source: undefined }],
  [
    'an extension after the addresses',
    '21110010c00002070a0000011000020204000100',
    { length: 32, source: { address: '192.0.2.7', port: 4096 } },
  ],
  ['a socket of the file system', `213100d8${'00'.repeat(216)}`, { length: 232, source: undefined }],
])('version 2: %s', (_name, hex, expected) => {
  expect(readProxyHeader(v2(hex))).toEqual(expected);
});

test.each([
  ['<13>no header'],
  ['PROXY TCP4 192.0.2.7\r\n'],
  ['PROXY TCP4 2001:db8::7 ::1 1 2\r\n'],
  ['PROXY TCP4 192.0.2.7 10.0.0.1 65536 514\r\n'],
  [`PROXY ${'x'.repeat(120)}`],
])('version 1 refuses %j', (text) => {
  expect(() => readProxyHeader(Buffer.from(text))).toThrow(ProxyProtocolError);
});

test.each([['11110000'], ['22110000'], ['21110004c0000207']])('version 2 refuses %s', (hex) => {
  expect(() => readProxyHeader(v2(hex))).toThrow(ProxyProtocolError);
});

test('every beginning of a header may still become one', () => {
  for (const header of [v2('2111000cc00002070a00000110000202'), Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 1 2\r\n')]) {
    for (let length = 0; length < header.length; length++) {
      expect(readProxyHeader(header.subarray(0, length))).toBeUndefined();
    }
  }
});

test('arbitrary bytes never do worse than a protocol error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, signed) => {
      try {
        readProxyHeader(Buffer.concat([Buffer.from(signed ? SIGNATURE : '', 'hex'), bytes]));
      } catch (error) {
        expect(error).toBeInstanceOf(ProxyProtocolError);
      }
    }),
  );
});
