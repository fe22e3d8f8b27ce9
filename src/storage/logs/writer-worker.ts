import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { StreamConfig } from '../log-store';
import { LogWriter, type JournalEntry, type SegmentReplacement } from './log-writer';
import { monotonicMs } from '../monotonic-clock';
import { RetentionClock } from './retention-clock';
import { ReaderGate } from './reader-gate';
import { CallServer } from './worker-rpc';

/** How often expired records are looked for, in milliseconds. */
const RETENTION_INTERVAL_MS = 1_000;

/** Serves the calls that write logs.db, in the one thread that does; see the handlers. */
function run(main: MessagePort, file: string, gate: ReaderGate): void {
  let opened: LogWriter | undefined;
  let clock: RetentionClock | undefined;
  let timer: NodeJS.Timeout | undefined;
  const writer = (): LogWriter => {
    if (opened === undefined) throw new Error('the store is not open');
    return opened;
  };

  const now = (): number => clock?.now() ?? Date.now();

  const server: CallServer = new CallServer({
    /** Opens the store and answers its streams. */
    open: async () => {
      opened = await LogWriter.open(file, gate, (warning) => main.postMessage({ warning }));
      clock = new RetentionClock({
        wall: Date.now,
        steady: monotonicMs,
        newestRecord: await opened.newestRecord(),
        warn: (warning) => main.postMessage({ warning }),
      });
      timer = setTimeout(retain, RETENTION_INTERVAL_MS);
      return opened.streams();
    },
    /** The sealer's end of this channel may call `replace` and `markDamaged`. */
    attachSealer: (port: MessagePort) => server.serve(port),
    /** Answers, in its turn: the thread works. */
    ping: () => undefined,
    commit: (entries: readonly JournalEntry[]) => writer().commit(entries),
    configureStream: ({ stream, config }: { stream: string; config: StreamConfig }) =>
      writer().configureStream(stream, config),
    deleteStream: (stream: string) => writer().deleteStream(stream),
    makeRoom: () => writer().makeRoom(now()),
    replace: (replacement: SegmentReplacement) => writer().replace(replacement),
    markDamaged: ({ table, ids }: { table: 'journal' | 'segments'; ids: number[] }) => writer().markDamaged(table, ids),
    close: async () => {
      clearTimeout(timer);
      timer = undefined;
      await opened?.close();
      opened = undefined;
    },
  });
  server.serve(main);

  const retain = (): void => {
    void server.inTurn(async () => {
      if (opened === undefined) return;
      let more = false;
      try {
        more = await opened.retain(now());
        await opened.keepLogSmall();
      } catch (error) {
        main.postMessage({ warning: `retention: ${error instanceof Error ? error.message : String(error)}` });
      }
      timer = setTimeout(retain, more ? 0 : RETENTION_INTERVAL_MS);
    });
  };
}

if (parentPort !== null) {
  const { file, gate } = workerData as { file: string; gate: Int32Array };
  const readers = new ReaderGate(gate);
  // A thread that ended half-way may have left it closed.
  readers.open();
  run(parentPort, file, readers);
}
