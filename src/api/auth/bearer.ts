/** A credential of a request. */
export interface Credential {
  readonly kind: 'jwt' | 'pat';
  /** The bare JWT, or the personal access token with its `pat_`. */
  readonly token: string;
}

const SCHEME = 'bearer ';
const PREFIX_LENGTH = 4;

/**
 * Reads the header `Authorization`; undefined when it has no token.
 * @example
 * parseBearer('Bearer jwt:eyJ…') // { kind: 'jwt', token: 'eyJ…' }
 */
export function parseBearer(header: string | undefined): Credential | undefined {
  if (header === undefined || header.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined;
  return parseCredential(header.slice(SCHEME.length).trim());
}

/**
 * Tells the kinds of tokens apart. Prefixes are in any case; clients of different age send `jwt_X`, `jwt:X` or `jwt:jwt_X`,
 * and `pat_X` or `pat:pat_X`.
 */
export function parseCredential(text: string): Credential | undefined {
  const outer = text.slice(0, PREFIX_LENGTH).toLowerCase();
  const token = outer === 'jwt:' || outer === 'pat:' ? text.slice(PREFIX_LENGTH) : text;
  const inner = token.slice(0, PREFIX_LENGTH).toLowerCase();
  if (outer !== 'pat:' && inner === 'jwt_') return { kind: 'jwt', token: token.slice(PREFIX_LENGTH) };
  if (outer !== 'jwt:' && inner === 'pat_') return { kind: 'pat', token: `pat_${token.slice(PREFIX_LENGTH)}` };
  return outer === 'jwt:' ? { kind: 'jwt', token } : undefined;
}
