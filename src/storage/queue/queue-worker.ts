import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { CallServer } from '../logs/worker-rpc';
import { queueCalls } from './queue-calls';

/** How often room of what was delivered is given back, in milliseconds. */
const SWEEP_INTERVAL_MS = 1_000;

/** Serves the calls on queue.db, in the one thread that has it open. */
function run(main: MessagePort, file: string): void {
  const warn = (warning: string): void => main.postMessage({ warning });
  const { handlers, opened } = queueCalls(file, { warn });
  const server = new CallServer(handlers);
  server.serve(main);

  let failure: string | undefined;
  const sweep = (): void => {
    void server.inTurn(async () => {
      let more = false;
      try {
        more = (await opened()?.sweep()) ?? false;
        failure = undefined;
        const report = await opened()?.news();
        if (report !== undefined) main.postMessage({ report });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        // A disk that stays full is told of once, not each second.
        if (message !== failure) warn(`delivery queue: ${message}`);
        failure = message;
      }
      setTimeout(sweep, more ? 0 : SWEEP_INTERVAL_MS).unref();
    });
  };
  setTimeout(sweep, SWEEP_INTERVAL_MS).unref();
}

if (parentPort !== null) run(parentPort, (workerData as { file: string }).file);
