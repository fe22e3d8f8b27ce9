import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { RunningServer } from '../support/running-server';
import { until } from '../support/until';

/** Fields of `/proc/PID/task/TID/stat` behind the name, which may hold blanks: the niceness is the 17th of them (proc(5)). */
const NICENESS_AFTER_NAME = 16;

let server: RunningServer;

beforeAll(async () => {
  server = await RunningServer.start({ settings: { 'storage.query.workers': '2' } });
});

afterAll(() => server.dispose());

function nicenesses(): number[] {
  const tasks = `/proc/${String(server.process.pid)}/task`;
  return readdirSync(tasks).map((task) => {
    const stat = readFileSync(`${tasks}/${task}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[NICENESS_AFTER_NAME]);
  });
}

test('threads that query and seal give way to those that take records in, and the one that empties UDP sockets goes first', async () => {
  // The two readers and the sealer. Going first is a privilege. All else stays as the server was started.
  const own = process.getuid?.() === 0 ? [-10, 5, 10, 10] : [5, 10, 10];
  const started = getPriority(server.process.pid);
  const ofThreads = (): number[] => nicenesses().filter((niceness) => niceness !== started);
  // Threads start one after the other.
  await until(() => Promise.resolve(ofThreads().length >= own.length));
  expect(ofThreads().sort((a, b) => a - b)).toEqual(own);
});
