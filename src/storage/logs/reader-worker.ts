import { parentPort, workerData } from 'node:worker_threads';
import type { Knex } from 'knex';
import { backupDatabase } from '../backup';
import { checkLogBackup } from './check-log-backup';
import type { FieldValuesRequest } from './field-values';
import type { HistogramRequest } from './histogram';
import { openLogDatabaseForReading } from './log-database';
import { LogReader } from './log-reader';
import type { QueryRequest } from './query-run';
import { ReaderGate } from './reader-gate';
import { setThreadPriority } from '../../thread-priority';
import { CallServer, Transferred } from './worker-rpc';

/** Records that arrive come first, then answers: a heavy query must not be why datagrams are lost. */
const NICENESS = 10;

if (parentPort !== null) {
  setThreadPriority(NICENESS);
  const main = parentPort;
  const { file, gate } = workerData as { file: string; gate: Int32Array };
  let database: Knex | undefined;
  const opened = async (): Promise<Knex> => (database ??= await openLogDatabaseForReading(file, new ReaderGate(gate)));
  const reader = async (): Promise<LogReader> =>
    new LogReader(await opened(), (warning) => main.postMessage({ warning }));
  new CallServer({
    query: async (request: QueryRequest) => {
      const result = await (await reader()).query(request);
      return new Transferred(result, [result.json.buffer as ArrayBuffer]);
    },
    histogram: async (request: HistogramRequest) => (await reader()).histogram(request),
    fieldValues: async (request: FieldValuesRequest) => (await reader()).fieldValues(request),
    listFields: async (stream: string) => (await reader()).listFields(stream),
    usage: async (stream: string) => (await reader()).usage(stream),
    listIndexedValues: async (stream: string) => (await reader()).listIndexedValues(stream),
    /** One read transaction: what is committed meanwhile is not part of the copy, and nobody waits for it. */
    backup: async (copy: string) => backupDatabase(await opened(), copy),
    checkBackup: async (backup: string) => checkLogBackup(backup, await opened()),
    close: () => database?.destroy(),
  }).serve(main);
}
