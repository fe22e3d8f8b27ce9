import { hash, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { AuthStore, Principal } from './auth-store';
import { BoundedMap } from './bounded-map';

const ALGORITHM = 'HS256';
const ISSUER = 'logweir';
/** A login lasts a day, as with the peer. */
const DEFAULT_LIFETIME_S = 24 * 60 * 60;
/** Ours have about 250 characters; longer ones are not worth a look. */
const MAX_JWT_LENGTH = 4_096;
/** Logins in use at the same time; about 300 bytes each. */
const MAX_CACHED = 1_000;

export interface JwtAuthorityOptions {
  /** How long a login lasts, seconds. */
  readonly lifetimeSeconds?: number;
  /** Milliseconds since the Unix epoch; for tests. */
  readonly now?: () => number;
}

/** What a token says, once its signature was found right. */
interface Claims {
  readonly user: string;
  readonly credentialsVersion: number;
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number;
}

/**
 * Issues and checks the tokens of logins: JSON Web Tokens (RFC 7519) signed with HS256 and nothing else. A token ends
 * with its time, with its user, and whenever the user's password or roles change.
 */
export class JwtAuthority {
  readonly #store: Pick<AuthStore, 'principalOf'>;
  readonly #key: KeyObject;
  readonly #lifetimeSeconds: number;
  readonly #now: () => number;
  /** By SHA-256 of the token, so that no token is kept in memory. Signatures do not go stale; all else is checked. */
  readonly #verified = new BoundedMap<string, Claims>(MAX_CACHED);

  constructor(store: Pick<AuthStore, 'principalOf'>, key: KeyObject, options: JwtAuthorityOptions = {}) {
    this.#store = store;
    this.#key = key;
    this.#lifetimeSeconds = options.lifetimeSeconds ?? DEFAULT_LIFETIME_S;
    this.#now = options.now ?? Date.now;
  }

  /**
   * A token for someone who has just proven who they are.
   * @example
   * const principal = await store.verifyPassword(name, password);
   * const token = principal && authority.issue(principal); // 'eyJ…'
   */
  issue(principal: Principal): string {
    const issuedAt = Math.floor(this.#now() / 1000);
    const claims = {
      iss: ISSUER,
      sub: principal.user,
      iat: issuedAt,
      exp: issuedAt + this.#lifetimeSeconds,
      ver: principal.credentialsVersion,
    };
    return jwt.sign(claims, this.#key, { algorithm: ALGORITHM });
  }

  /** Whom a token belongs to, with the rights of now; undefined when it is not (or no longer) good. */
  authenticate(token: string): Principal | undefined | Promise<Principal | undefined> {
    const claims = this.#claimsOf(token);
    if (claims === undefined || this.#now() >= claims.expiresAt * 1000) {
      return undefined;
    }
    const principal = this.#store.principalOf(claims.user);
    return principal instanceof Promise
      ? principal.then((found) => ifCurrent(found, claims))
      : ifCurrent(principal, claims);
  }

  #claimsOf(token: string): Claims | undefined {
    if (token.length > MAX_JWT_LENGTH) {
      return undefined;
    }
    const key = hash('sha256', token, 'hex');
    const known = this.#verified.get(key);
    if (known !== undefined) {
      return known;
    }
    const claims = this.#verify(token);
    if (claims !== undefined) {
      this.#verified.set(key, claims);
    }
    return claims;
  }

  #verify(token: string): Claims | undefined {
    let payload: jwt.JwtPayload | string;
    try {
      payload = jwt.verify(token, this.#key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        clockTimestamp: Math.floor(this.#now() / 1000),
      });
    } catch {
      return undefined;
    }
    if (typeof payload === 'string') {
      return undefined;
    }
    const { sub, exp } = payload;
    const version: unknown = payload['ver'];
    // A key that other programs use as well may have signed tokens that lack these.
    if (typeof sub !== 'string' || typeof exp !== 'number' || typeof version !== 'number') {
      return undefined;
    }
    return { user: sub, credentialsVersion: version, expiresAt: exp };
  }
}

function ifCurrent(principal: Principal | undefined, claims: Claims): Principal | undefined {
  return principal?.credentialsVersion === claims.credentialsVersion ? principal : undefined;
}
