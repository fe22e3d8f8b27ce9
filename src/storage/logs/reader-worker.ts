import { parentPort, workerData } from 'node:worker_threads';
import type { Knex } from 'knex';
import type { FieldValuesRequest } from './field-values';
import type { HistogramRequest } from './histogram';
import { openLogDatabaseForReading } from './log-database';
import { LogReader } from './log-reader';
import type { QueryRequest } from './query-run';
import { CallServer, Transferred } from './worker-rpc';

if (parentPort !== null) {
  const main = parentPort;
  const { file } = workerData as { file: string };
  let database: Knex | undefined;
  const reader = async (): Promise<LogReader> => {
    database ??= await openLogDatabaseForReading(file);
    return new LogReader(database, (warning) => main.postMessage({ warning }));
  };
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
    close: () => database?.destroy(),
  }).serve(main);
}
