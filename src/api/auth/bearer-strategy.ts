import type { Request } from 'express';
import { Strategy, type VerifyFunction } from 'passport-http-bearer';
import type { Principal } from '../../storage/auth/auth-store';
import type { Authenticator } from './authenticator';
import { parseCredential } from './bearer';

/**
 * The bearer strategy of Passport, limited to the header: tokens in a URL end up in logs and histories, and bodies are not
 * read before one knows who sends them.
 */
export class BearerHeaderStrategy extends Strategy<VerifyFunction> {
  constructor(authenticator: Authenticator) {
    super((token, done) => {
      principalOf(authenticator, token).then((principal) => done(null, principal), done);
    });
  }

  override authenticate(request: Request): void {
    super.authenticate({ headers: { authorization: request.headers.authorization } } as Request);
  }
}

async function principalOf(authenticator: Authenticator, token: string): Promise<Principal> {
  return authenticator.authenticateCredential(parseCredential(token));
}
