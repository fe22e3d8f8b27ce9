import { createHash, createHmac } from 'node:crypto';
import { error, testCalls, testCodes } from '../testing/run';
import { functions } from './crypto';

const hex = (algorithm: string, text = 'foo') => createHash(algorithm).update(text).digest('hex');
const mac = (algorithm: string, key = 'key') => new Uint8Array(createHmac(algorithm, key).update('foo').digest());

describe('hashes', () => {
  testCalls(functions, [
    ['md5', ['foo'], hex('md5')],
    [
      'md5',
      [new Uint8Array([255, 0])],
      createHash('md5')
        .update(new Uint8Array([255, 0]))
        .digest('hex'),
    ],
    ['sha1', ['foo'], hex('sha1')],
    ['sha2', ['foo'], hex('sha512-256')],
    ['sha2', ['foo', 'SHA-224'], hex('sha224')],
    ['sha2', ['foo', 'SHA-256'], hex('sha256')],
    ['sha2', ['foo', 'SHA-384'], hex('sha384')],
    ['sha2', ['foo', 'SHA-512'], hex('sha512')],
    ['sha2', ['foo', 'SHA-512/224'], hex('sha512-224')],
    ['sha3', ['foo'], hex('sha3-512')],
    ['sha3', ['foo', 'SHA3-224'], hex('sha3-224')],
    ['sha3', ['foo', 'SHA3-256'], hex('sha3-256')],
    ['sha3', ['foo', 'SHA3-384'], hex('sha3-384')],
    // The vector of the reference implementation.
    ['seahash', ['to be or not to be'], 1988685042348123509n],
    ['seahash', [''], BigInt.asIntN(64, 14492805990617963705n)],
  ]);
  testCodes([['sha2("a", "SHA-1")', [610]]]);
});

describe('hmac', () => {
  testCalls(functions, [
    ['hmac', ['foo', 'key'], mac('sha256')],
    ['hmac', ['foo', 'key', 'sha1'], mac('sha1')],
    ['hmac', ['foo', 'key', 'SHA-224'], mac('sha224')],
    ['hmac', ['foo', 'key', 'SHA-384'], mac('sha384')],
    ['hmac', ['foo', 'k'.repeat(200), 'SHA-512'], mac('sha512', 'k'.repeat(200))],
    ['hmac', ['foo', 'key', 'md5'], error('Invalid algorithm: MD5')],
  ]);
  testCodes([
    ['hmac("a", "b")', []],
    ['hmac("a", "b", "sha-384")', []],
    ['hmac("a", "b", "MD5")', [100]],
  ]);
});
