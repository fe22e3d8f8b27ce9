import { bytesOf, textOf } from '../../value/bytes';
import { isObject, kindBitOf } from '../../value/kind-of';
import { KindBit, type VrlObject, type VrlString, type VrlValue } from '../../value/value';
import { encodeBase64 } from '../codec/base64';
import { DEFAULT_SHA2, DEFAULT_SHA3, SHA2, SHA3, toHex, type Digest } from '../crypto/digests';

/** Gives what stands in for a text that must not be seen. */
export type Redactor = (secret: string) => string;

const FULL: Redactor = () => '[REDACTED]';

/** Reads the argument `redactor`: a name, or an object with its `type`. */
export function readRedactor(value: VrlValue | undefined): Redactor | { readonly problem: string } {
  if (value === undefined) return FULL;
  if (isObject(value)) return readRedactorObject(value);
  if (!isString(value)) return { problem: 'unknown literal for redactor, must be redactor name or object' };
  switch (textOf(value)) {
    case 'full':
      return FULL;
    case 'sha2':
      return hashing(SHA2, DEFAULT_SHA2, undefined, undefined);
    case 'sha3':
      return hashing(SHA3, DEFAULT_SHA3, undefined, undefined);
    default:
      return { problem: 'unknown name of redactor' };
  }
}

function readRedactorObject(object: VrlObject): Redactor | { readonly problem: string } {
  const type = object['type'];
  if (type === undefined) return { problem: 'redactor specified as objects must have type parameter' };
  if (!isString(type)) return { problem: 'type key in redactor must be a string' };
  switch (textOf(type)) {
    case 'full':
      return FULL;
    case 'text': {
      const replacement = object['replacement'];
      if (replacement === undefined) return { problem: 'text redactor must have `replacement` specified' };
      if (!isString(replacement)) return { problem: '`replacement` must be a string' };
      const text = textOf(replacement);
      return () => text;
    }
    case 'sha2':
      return hashing(SHA2, DEFAULT_SHA2, object['variant'], object['encoding']);
    case 'sha3':
      return hashing(SHA3, DEFAULT_SHA3, object['variant'], object['encoding']);
    default:
      return { problem: 'unknown `type` for `redactor`' };
  }
}

function hashing(
  variants: ReadonlyMap<string, Digest>,
  fallback: string,
  variant: VrlValue | undefined,
  encoding: VrlValue | undefined,
): Redactor | { readonly problem: string } {
  if (variant !== undefined && !isString(variant)) return { problem: 'variant must be string' };
  if (encoding !== undefined && !isString(encoding)) return { problem: 'encoding must be string' };
  const digest = variants.get(variant === undefined ? fallback : textOf(variant));
  if (digest === undefined) return { problem: 'unexpected variant' };
  const encode = encoderNamed(encoding === undefined ? 'base64' : textOf(encoding));
  if (encode === undefined) return { problem: 'unexpected encoding' };
  return (secret) => encode(digest(bytesOf(secret)));
}

function encoderNamed(name: string): ((bytes: Uint8Array) => string) | undefined {
  if (name === 'base64') return (bytes) => encodeBase64(bytes);
  return name === 'base16' || name === 'hex' ? toHex : undefined;
}

function isString(value: VrlValue): value is VrlString {
  return kindBitOf(value) === KindBit.string;
}
