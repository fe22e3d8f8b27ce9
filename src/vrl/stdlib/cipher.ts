import { fail } from '../failure';
import { STRING } from '../types/kind';
import { stringFromBytes } from '../value/bytes';
import { CIPHERS, type CipherAlgorithm } from './cipher/algorithms';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { bytes, text } from './parameters';

/** Refuses a constant name that is no algorithm's. Names count in upper case. */
function refuseUnknown(call: CallSite): void {
  const name = call.constant('algorithm');
  if (typeof name === 'string' && !CIPHERS.has(name.toUpperCase())) {
    throw call.invalid('algorithm', `Invalid algorithm: ${name}`);
  }
}

/** The algorithm, after a look at the sizes of key and IV. */
function algorithmFor(name: string, key: Uint8Array, iv: Uint8Array): CipherAlgorithm {
  const algorithm = CIPHERS.get(name.toUpperCase());
  if (algorithm === undefined) throw fail(`Invalid algorithm: ${name.toUpperCase()}`);
  checkSize('key', key, algorithm.keyBytes);
  checkSize('iv', iv, algorithm.ivBytes);
  return algorithm;
}

function checkSize(what: string, value: Uint8Array, expected: number): void {
  if (value.length !== expected) {
    throw fail(`Invalid ${what} size. Expected ${expected} bytes. Found ${value.length} bytes`);
  }
}

const encrypt = define({
  name: 'encrypt',
  params: [bytes('plaintext'), text('algorithm'), bytes('key'), bytes('iv')],
  returns: STRING,
  fallible: true,
  prepare: (call) => {
    refuseUnknown(call);
    return (plaintext, name, key, iv) => stringFromBytes(algorithmFor(name, key, iv).encrypt(key, iv, plaintext));
  },
});

const decrypt = define({
  name: 'decrypt',
  params: [bytes('ciphertext'), text('algorithm'), bytes('key'), bytes('iv')],
  returns: STRING,
  fallible: true,
  prepare: (call) => {
    refuseUnknown(call);
    return (ciphertext, name, key, iv) => {
      const plaintext = algorithmFor(name, key, iv).decrypt(key, iv, ciphertext);
      if (plaintext === undefined) return fail('Invalid input');
      return stringFromBytes(plaintext);
    };
  },
});

export const functions: readonly FunctionDefinition[] = [encrypt, decrypt];
