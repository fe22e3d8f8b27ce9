import { createCipheriv } from 'node:crypto';
import * as fc from 'fast-check';
import { error, testCalls, testCodes } from '../testing/run';
import { functions } from './cipher';
import { CIPHERS } from './cipher/algorithms';
import { PADDINGS } from './cipher/padding';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const range = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => from + i);
const data = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function node(algorithm: string, key: Uint8Array, iv: Uint8Array | null, plain: Uint8Array): string {
  const cipher = createCipheriv(algorithm, key, iv);
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('hex');
}

const MODES = [
  ['CFB', 'cfb'],
  ['OFB', 'ofb'],
  ['CTR-BE', 'ctr'],
  ['CBC-PKCS7', 'cbc'],
] as const;

describe.each([128, 192, 256])('AES with %d bits is that of OpenSSL', (bits) => {
  test.each(MODES)('%s', (name, nodeName) => {
    const key = range(bits / 8, 3);
    const iv = range(16, 9);
    for (const length of [0, 1, 15, 16, 17, 32, 100]) {
      const encrypted = CIPHERS.get(`AES-${bits}-${name}`)!.encrypt(key, iv, data(length));
      expect(toHex(encrypted)).toBe(node(`aes-${bits}-${nodeName}`, key, iv, data(length)));
    }
  });

  test('counters are 64 bits wide in either byte order', () => {
    const key = range(bits / 8, 3);
    const ecb = (block: string) => node(`aes-${bits}-ecb`, key, null, hex(block)).slice(0, 32);
    const zeros = new Uint8Array(32);
    const big = CIPHERS.get(`AES-${bits}-CTR-BE`)!.encrypt(key, hex('0011223344556677ffffffffffffffff'), zeros);
    expect(toHex(big)).toBe(ecb('0011223344556677ffffffffffffffff') + ecb('00112233445566770000000000000000'));
    for (const name of ['CTR', 'CTR-LE']) {
      const little = CIPHERS.get(`AES-${bits}-${name}`)!.encrypt(key, hex('ff000000000000000011223344556677'), zeros);
      expect(toHex(little)).toBe(ecb('ff000000000000000011223344556677') + ecb('00010000000000000011223344556677'));
    }
  });
});

describe('AES-SIV', () => {
  // Made with another implementation (pyca/cryptography): headers are the empty string and the nonce.
  test.each([
    ['AES-128-SIV', 0, '91f24c1d0169e0c528d9c6de359c9d69'],
    ['AES-128-SIV', 15, '20722c53d76bedf111f7dd79caab583c147aacd9b258b7478b266f6402d7be'],
    ['AES-128-SIV', 16, '8fd53faa3947e1f6303688905c139dfc10b4223d659360ccdcd54ff995be2f3f'],
    [
      'AES-128-SIV',
      40,
      '20fd9a70773dd60f92f8c2cb56112b621764f03679b48cadce5e48cb6afc791cce4fd55f8eb29bcdaa32bd9111fd1010bfaedb470da0ae7b',
    ],
    ['AES-256-SIV', 1, 'fda3ce4f720802cb75073aab48b377ace4'],
    [
      'AES-256-SIV',
      40,
      '8f498674fbb90a160561f0b25344b5049529c2494b6ca1e95e66f6e970acf4df33c10fcaa8a872e42bfced10eea1ecd7a0878357cc72083a',
    ],
  ])('%s of %d bytes', (name, length, expected) => {
    const algorithm = CIPHERS.get(name)!;
    expect(toHex(algorithm.encrypt(range(algorithm.keyBytes), range(16, 100), data(length)))).toBe(expected);
  });
});

test('XSalsa20-Poly1305 has its tag in front', () => {
  // The vector of NaCl's secretbox.
  const plain = hex(
    'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f4' +
      '1db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52' +
      'f0a089bc76897040e082f937763848645e0705',
  );
  const encrypted = CIPHERS.get('XSALSA20-POLY1305')!.encrypt(
    hex('1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389'),
    hex('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37'),
    plain,
  );
  expect(toHex(encrypted.subarray(0, 20))).toBe('f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f');
});

test('ChaCha20-Poly1305 is that of OpenSSL', () => {
  const cipher = createCipheriv('chacha20-poly1305', range(32), range(12), { authTagLength: 16 });
  const expected = Buffer.concat([cipher.update(data(50)), cipher.final(), cipher.getAuthTag()]).toString('hex');
  expect(toHex(CIPHERS.get('CHACHA20-POLY1305')!.encrypt(range(32), range(12), data(50)))).toBe(expected);
});

describe.each([...CIPHERS])('%s', (_name, algorithm) => {
  const key = fc.uint8Array({ minLength: algorithm.keyBytes, maxLength: algorithm.keyBytes });
  const iv = fc.uint8Array({ minLength: algorithm.ivBytes, maxLength: algorithm.ivBytes });
  test('decrypts what it encrypted', () => {
    fc.assert(
      fc.property(key, iv, fc.uint8Array({ maxLength: 70 }), (k, v, plain) => {
        expect(toHex(algorithm.decrypt(k, v, algorithm.encrypt(k, v, plain))!)).toBe(toHex(plain));
      }),
      { numRuns: 20 },
    );
  });
  test('takes any data for decryption', () => {
    fc.assert(
      fc.property(key, iv, fc.uint8Array({ maxLength: 70 }), (k, v, any) => void algorithm.decrypt(k, v, any)),
      { numRuns: 20 },
    );
  });
});

test.each([
  ['PKCS7', 'ab0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f'],
  ['ANSIX923', 'ab00000000000000000000000000000f'],
  ['ISO7816', 'ab800000000000000000000000000000'],
  ['ISO10126', 'ab00000000000000000000000000000f'],
])('%s padding', (name, padded) => {
  const padding = PADDINGS.get(name)!;
  expect(toHex(padding.pad(hex('ab')))).toBe(padded);
  expect(padding.pad(range(16))).toHaveLength(32);
  expect(padding.unpad(new Uint8Array(16))).toBeUndefined();
  expect(padding.unpad(new Uint8Array(16).fill(17))).toBeUndefined();
});

describe('encrypt and decrypt', () => {
  testCalls(functions, [
    [
      'decrypt',
      [hex(node('aes-128-cbc', range(16), range(16), data(5))), 'aes-128-cbc-pkcs7', range(16), range(16)],
      data(5),
    ],
    ['decrypt', ['0123456789abcdef', 'AES-128-CBC-PKCS7', range(16), range(16)], error('Invalid input')],
    ['decrypt', ['short', 'AES-128-CBC-PKCS7', range(16), range(16)], error('Invalid input')],
    ['decrypt', ['short', 'CHACHA20-POLY1305', range(32), range(12)], error('Invalid input')],
    ['encrypt', ['a', 'AES-256-CFB', 'short', range(16)], error('Invalid key size. Expected 32 bytes. Found 5 bytes')],
    ['encrypt', ['a', 'AES-256-CFB', range(32), 'iv'], error('Invalid iv size. Expected 16 bytes. Found 2 bytes')],
    ['encrypt', ['a', 'ROT13', '', ''], error('Invalid algorithm: ROT13')],
  ]);
  testCodes([
    ['encrypt!("a", "AES-256-CFB", "k", "i")', []],
    ['encrypt!("a", "ROT13", "k", "i")', [610]],
    ['decrypt!("a", "ROT13", "k", "i")', [610]],
  ]);
});
