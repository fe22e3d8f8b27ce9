import { parentPort, workerData } from 'node:worker_threads';
import type { Knex } from 'knex';
import { openLogDatabaseForReading } from './log-database';
import { LogReader, type QueryRequest } from './log-reader';
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
    listFields: async (stream: string) => (await reader()).listFields(stream),
    usage: async (stream: string) => (await reader()).usage(stream),
    listIndexedValues: async (stream: string) => (await reader()).listIndexedValues(stream),
    close: () => database?.destroy(),
  }).serve(main);
}
