import { hmac as hmacOf } from '@noble/hashes/hmac';
import { md5 as md5Of, sha1 as sha1Of } from '@noble/hashes/legacy';
import { fail } from '../failure';
import { INTEGER, STRING } from '../types/kind';
import { stringFromBytes } from '../value/bytes';
import { wrapInteger } from '../value/integer';
import { seaHash } from './checksum/seahash';
import { DEFAULT_SHA2, DEFAULT_SHA3, SHA2, SHA3, toHex, type Digest } from './crypto/digests';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { bytes, oneOf, text, withDefault } from './parameters';

const md5 = define({
  name: 'md5',
  params: [bytes('value')],
  returns: STRING,
  fallible: false,
  run: (value) => toHex(md5Of(value)),
});

const sha1 = define({
  name: 'sha1',
  params: [bytes('value')],
  returns: STRING,
  fallible: false,
  run: (value) => toHex(sha1Of(value)),
});

/** A function of one family of hashes whose variant is a constant. */
function variantHash(name: string, variants: ReadonlyMap<string, Digest>, fallback: string): FunctionDefinition {
  return define({
    name,
    params: [bytes('value'), withDefault(oneOf('variant', [...variants.keys()]), fallback)],
    returns: STRING,
    fallible: false,
    run: (value, variant) => {
      const digest = variants.get(variant);
      if (digest === undefined) throw fail(`unknown variant: ${variant}`);
      return toHex(digest(value));
    },
  });
}

/** Hashes that hmac knows, by upper-case name. */
const HMAC_DIGESTS: ReadonlyMap<string, Digest> = new Map<string, Digest>([
  ['SHA1', sha1Of as unknown as Digest],
  ...[...SHA2].filter(([name]) => !name.includes('/')),
]);

function isKnownDigest(call: CallSite): boolean {
  if (!call.has('algorithm')) return true;
  const name = call.constant('algorithm');
  return typeof name === 'string' && HMAC_DIGESTS.has(name.toUpperCase());
}

const hmac = define({
  name: 'hmac',
  params: [bytes('value'), bytes('key'), withDefault(text('algorithm'), 'SHA-256')],
  returns: STRING,
  fallible: (call) => !isKnownDigest(call),
  run: (value, key, algorithm) => {
    const name = algorithm.toUpperCase();
    const digest = HMAC_DIGESTS.get(name);
    if (digest === undefined) throw fail(`Invalid algorithm: ${name}`);
    return stringFromBytes(hmacOf(digest, key, value));
  },
});

const seahash = define({
  name: 'seahash',
  params: [bytes('value')],
  returns: INTEGER,
  fallible: false,
  run: (value) => wrapInteger(seaHash(value)),
});

export const functions: readonly FunctionDefinition[] = [
  md5,
  sha1,
  variantHash('sha2', SHA2, DEFAULT_SHA2),
  variantHash('sha3', SHA3, DEFAULT_SHA3),
  hmac,
  seahash,
];
