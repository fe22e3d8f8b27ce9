import type { AuthStore, Principal } from '../../storage/auth/auth-store';
import { ApiError } from '../errors/api-error';
import { parseBearer, type Credential } from './bearer';

/** What the API needs of login sessions. */
export interface Sessions {
  /** A token for someone who has just proven who they are. */
  issue(principal: Principal): string;
  /** Whom a token belongs to, with the rights of now; undefined when it is not (or no longer) good. */
  authenticate(token: string): Principal | undefined | Promise<Principal | undefined>;
}

/** Finds out who makes a request; the same for every route. */
export class Authenticator {
  readonly #tokens: Pick<AuthStore, 'authenticateToken'>;
  readonly #sessions: Sessions;

  constructor(tokens: Pick<AuthStore, 'authenticateToken'>, sessions: Sessions) {
    this.#tokens = tokens;
    this.#sessions = sessions;
  }

  /**
   * The principal of a header `Authorization`; without a promise when it is in memory.
   * @throws ApiError `UNAUTHENTICATED` (or rejects with it)
   */
  authenticate(header: string | undefined): Principal | Promise<Principal> {
    return this.authenticateCredential(parseBearer(header));
  }

  /** The same for a credential that was read already. */
  authenticateCredential(credential: Credential | undefined): Principal | Promise<Principal> {
    if (credential === undefined) throw new ApiError('UNAUTHENTICATED', 'missing token');
    const { kind, token } = credential;
    const found = kind === 'pat' ? this.#tokens.authenticateToken(token) : this.#sessions.authenticate(token);
    return found instanceof Promise ? found.then(required) : required(found);
  }
}

function required(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new ApiError('UNAUTHENTICATED', 'invalid token');
  return principal;
}
