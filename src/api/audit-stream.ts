import { RecordBatch } from '../record';
import type { LogStore } from '../storage/log-store';
import type { AuditEntry } from './dependencies';

/** The stream that tells who changed what, readable like any other. */
export const AUDIT_STREAM = '_audit';

/**
 * Writes each change to the stream `_audit`.
 *
 * @param onError told when an entry could not be stored; what it is about has happened all the same
 * @example
 * createApi({ audit: auditStream(logs, (error) => logger.error(String(error))), … })
 */
export function auditStream(
  logs: Pick<LogStore, 'append'>,
  onError: (error: unknown, entry: AuditEntry) => void,
): (entry: AuditEntry) => void {
  return (entry) => {
    const { at, user, tokenUuid, address, operation, method, path, status } = entry;
    const batch = new RecordBatch();
    const row = batch.addRecord(at, { operation, method, path, address, status: String(status) });
    if (user !== undefined) batch.setField(row, 'user', user);
    if (tokenUuid !== undefined) batch.setField(row, 'token_uuid', tokenUuid);
    logs.append(AUDIT_STREAM, batch).catch((error: unknown) => onError(error, entry));
  };
}
