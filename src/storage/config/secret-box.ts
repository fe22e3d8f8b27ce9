import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { ConfigError } from './config-error';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** What NIST SP 800-38D recommends; random nonces are safe for 2^32 messages with one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Tells "wrong key" from "damaged"; 32 bits of a hash of the key say nothing about it. */
const KEY_ID_BYTES = 4;
/** Names the format; a new one gets a new number. JSON and scripts never start like this. */
const PREFIX = 'sealed:v1:';

/**
 * Encrypts texts at rest: AES-256-GCM with a key derived from the secret key by HKDF-SHA256 (RFC 5869), so that the
 * key that signs logins is never used for anything else. A sealed text opens only with the context it was sealed with:
 * a row copied over another one is noticed.
 *
 * @example
 * const box = new SecretBox(key);
 * const sealed = box.seal('hunter2', 'forwarder/siem'); // 'sealed:v1:…'
 * box.open(sealed, 'forwarder/siem'); // 'hunter2'
 */
export class SecretBox {
  readonly #key: Buffer;
  readonly #keyId: Buffer;

  constructor(secretKey: KeyObject) {
    this.#key = derive(secretKey, 'logweir secret box key v1', KEY_BYTES);
    this.#keyId = derive(secretKey, 'logweir secret box key id v1', KEY_ID_BYTES);
  }

  static isSealed(text: string): boolean {
    return text.startsWith(PREFIX);
  }

  /** @param context where the text belongs, e.g. `forwarder/siem` */
  seal(text: string, context: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const encrypted = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return PREFIX + Buffer.concat([this.#keyId, nonce, encrypted, cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws ConfigError `WRONG_SECRET_KEY` when it was sealed with another key, or is damaged */
  open(sealed: string, context: string): string {
    const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
    const keyId = bytes.subarray(0, KEY_ID_BYTES);
    if (!SecretBox.isSealed(sealed) || bytes.length < KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES) {
      throw new ConfigError('WRONG_SECRET_KEY', `the stored text of ${context} is damaged`);
    }
    if (!keyId.equals(this.#keyId)) {
      throw new ConfigError(
        'WRONG_SECRET_KEY',
        `${context} was encrypted with another secret key: put the former key back, or save the item again`,
      );
    }
    const nonce = bytes.subarray(KEY_ID_BYTES, KEY_ID_BYTES + NONCE_BYTES);
    const decipher = createDecipheriv(CIPHER, this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
    const encrypted = bytes.subarray(KEY_ID_BYTES + NONCE_BYTES, bytes.length - TAG_BYTES);
    try {
      return Buffer.concat([decipher.update(encrypted), decipher.final()]).toString('utf8');
    } catch {
      throw new ConfigError('WRONG_SECRET_KEY', `the stored text of ${context} is damaged or belongs elsewhere`);
    }
  }
}

function derive(secretKey: KeyObject, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, Buffer.alloc(0), purpose, length));
}
