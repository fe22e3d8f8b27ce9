import type { Request, Response } from 'express';
import type { Principal } from '../storage/auth/auth-store';
import type { ApiDependencies } from './dependencies';
import type { Operation } from './document';

/** Tells of a request that may change something, once its answer is on the way (or its client is gone). */
export function auditRequest(
  operation: Operation,
  request: Request,
  response: Response,
  deps: ApiDependencies,
  now: () => number,
): void {
  const { audit } = deps;
  if (audit === undefined || !isAudited(operation)) return;
  response.once('close', () => {
    const principal = request.user as Principal | undefined;
    // Who is nobody changes nothing, and could fill the disk with entries. Logins are limited.
    if (principal === undefined && !operation.isPublic) return;
    audit({
      at: now(),
      user: principal?.user,
      tokenUuid: principal?.tokenUuid,
      address: request.socket.remoteAddress ?? '',
      operation: operation.id,
      method: request.method,
      path: request.path,
      status: response.statusCode,
    });
  });
}

/** What changes something, and copies of everything leaving the house. Trials have no effect. */
function isAudited({ method, path }: Operation): boolean {
  return method === 'get' ? path.startsWith('/backup/') : !path.startsWith('/test/');
}
