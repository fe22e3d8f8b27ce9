import { hash, randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const TOKEN_PREFIX = 'pat_';
/** 32 characters of 62 are 190 bits: no salt and no slow hash is needed to keep the secret from its SHA-256. */
const SECRET_LENGTH = 32;

/** Random letters and digits from the system's secure source, without bias. */
export function randomText(length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) {
    text += ALPHABET.charAt(randomInt(ALPHABET.length));
  }
  return text;
}

/**
 * A new personal access token.
 * @example
 * newToken() // 'pat_Zk3…' (36 characters)
 */
export function newToken(): string {
  return TOKEN_PREFIX + randomText(SECRET_LENGTH);
}

/** Cheap test that keeps other credentials and garbage from being looked up. */
export function looksLikeToken(token: string): boolean {
  return token.length === TOKEN_PREFIX.length + SECRET_LENGTH && token.startsWith(TOKEN_PREFIX);
}

/** What is stored of a token: SHA-256 in hex. */
export function tokenHash(token: string): string {
  return hash('sha256', token, 'hex');
}
