import type { ConfigStore, ItemKind, WriteCondition } from '../storage/config/config-store';
import type { Call } from './call';
import { ApiError } from './errors/api-error';

/** Names the state of an item in the answer (RFC 9110, section 8.8.3). */
export function sendRevision(call: Call, revision: number): void {
  call.response.setHeader('ETag', tagOf(revision));
}

/**
 * The condition that a request puts on a write: `If-Match` with the `ETag` of an earlier answer (or `*`: it must exist), or
 * `If-None-Match: *` (it must not). The store checks the revision once more when it writes.
 *
 * @throws ApiError 412
 */
export async function writeCondition(
  call: Call,
  store: Pick<ConfigStore, 'get'>,
  kind: ItemKind,
  name: string,
): Promise<WriteCondition> {
  if (!isConditional(call)) return {};
  const revision = (await store.get(kind, name))?.revision ?? 0;
  requireMatch(call, revision === 0 ? undefined : tagOf(revision));
  return { ifRevision: revision };
}

/** Whether a request asks for the state of what it changes. */
export function isConditional(call: Call): boolean {
  const { headers } = call.request;
  return headers['if-match'] !== undefined || headers['if-none-match'] !== undefined;
}

/**
 * Holds the state there is against the request's condition (RFC 9110, sections 13.1.1 and 13.1.2).
 * @param tag undefined when there is no such thing
 * @throws ApiError 412
 */
export function requireMatch(call: Call, tag: string | undefined): void {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = call.request.headers;
  const matches = ifMatch === undefined || lists(ifMatch, tag);
  if (matches && (ifNoneMatch === undefined || !lists(ifNoneMatch, tag))) return;
  const state = tag === undefined ? 'there is none' : `its ETag is ${tag}`;
  throw new ApiError('FAILED_PRECONDITION', `it is not in the state that was asked for: ${state}`, { httpStatus: 412 });
}

function lists(header: string, tag: string | undefined): boolean {
  if (tag === undefined) return false;
  return header.split(',').some((part) => part.trim() === '*' || part.trim() === tag);
}

function tagOf(revision: number): string {
  return `"${revision}"`;
}
