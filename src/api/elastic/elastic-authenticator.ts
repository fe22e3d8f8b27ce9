import { createHash } from 'node:crypto';
import type { AuthStore, Principal } from '../../storage/auth/auth-store';
import { BoundedMap } from '../../storage/auth/bounded-map';
import type { Authenticator } from '../auth/authenticator';
import type { LoginLimiter } from '../auth/login-limiter';
import { ApiError } from '../errors/api-error';

/** Senders put name and password on each request, and checking a password takes long by design. */
const REMEMBERED_MS = 60_000;
const MAX_REMEMBERED = 1_000;
const TOKEN_PREFIX = 'pat_';

interface Remembered {
  readonly user: string;
  readonly credentialsVersion: number;
  readonly until: number;
}

/**
 * Finds out who a client of Elasticsearch is: `Basic` with a user's password or token, `ApiKey` with a token (bare, or as
 * base64 of `id:token`), or `Bearer` as everywhere.
 */
export class ElasticAuthenticator {
  readonly #auth: Pick<AuthStore, 'authenticateToken' | 'principalOf' | 'verifyPassword'>;
  readonly #bearer: Authenticator;
  readonly #limiter: LoginLimiter;
  readonly #now: () => number;
  /** Right passwords, by a digest of the header. */
  readonly #remembered = new BoundedMap<string, Remembered>(MAX_REMEMBERED);

  /** @param now milliseconds since the Unix epoch */
  constructor(
    auth: Pick<AuthStore, 'authenticateToken' | 'principalOf' | 'verifyPassword'>,
    bearer: Authenticator,
    limiter: LoginLimiter,
    now: () => number,
  ) {
    this.#auth = auth;
    this.#bearer = bearer;
    this.#limiter = limiter;
    this.#now = now;
  }

  /** @throws ApiError `UNAUTHENTICATED`, `RESOURCE_EXHAUSTED` after too many wrong passwords */
  async authenticate(header: string | undefined, address: string): Promise<Principal> {
    const blank = header?.indexOf(' ') ?? -1;
    if (header === undefined || blank < 0) throw new ApiError('UNAUTHENTICATED', 'missing credentials');
    const credentials = header.slice(blank + 1).trim();
    switch (header.slice(0, blank).toLowerCase()) {
      case 'basic':
        return this.#basic(header, credentials, address);
      case 'apikey':
        return this.#token(tokenOf(credentials));
      case 'bearer':
        return this.#bearer.authenticate(header);
      default:
        throw new ApiError('UNAUTHENTICATED', 'use Basic, ApiKey or Bearer');
    }
  }

  async #basic(header: string, credentials: string, address: string): Promise<Principal> {
    const text = Buffer.from(credentials, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 0) throw new ApiError('UNAUTHENTICATED', 'invalid credentials');
    const user = text.slice(0, colon);
    const password = text.slice(colon + 1);
    if (password.startsWith(TOKEN_PREFIX)) {
      const principal = await this.#auth.authenticateToken(password);
      if (principal?.user === user) return principal;
    }
    const digest = createHash('sha256').update(header).digest('base64');
    const known = await this.#recall(digest);
    if (known !== undefined) return known;
    this.#limiter.begin(user, address);
    const principal = await this.#auth.verifyPassword(user, password);
    if (principal === undefined) throw new ApiError('UNAUTHENTICATED', 'invalid credentials');
    this.#limiter.succeeded(user, address);
    const { credentialsVersion } = principal;
    this.#remembered.set(digest, { user, credentialsVersion, until: this.#now() + REMEMBERED_MS });
    return principal;
  }

  /** A principal with the rights of now; none once the user's password or roles have changed. */
  async #recall(digest: string): Promise<Principal | undefined> {
    const known = this.#remembered.get(digest);
    if (known === undefined || known.until <= this.#now()) return undefined;
    const principal = await this.#auth.principalOf(known.user);
    return principal?.credentialsVersion === known.credentialsVersion ? principal : undefined;
  }

  async #token(token: string): Promise<Principal> {
    const principal = await this.#auth.authenticateToken(token);
    if (principal === undefined) throw new ApiError('UNAUTHENTICATED', 'invalid API key');
    return principal;
  }
}

function tokenOf(credentials: string): string {
  if (credentials.startsWith(TOKEN_PREFIX)) return credentials;
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}
