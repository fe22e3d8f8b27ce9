import type { RecordBatch } from '../record';
import { eventsStream } from './events-stream';

test('warnings become records of the stream _events', () => {
  const stored: [string, RecordBatch][] = [];
  const write = eventsStream({
    append: (stream, batch) => {
      stored.push([stream, batch]);
      return Promise.resolve();
    },
  });
  write('warn', 'the disk is nearly full');
  expect(stored[0]?.[0]).toBe('_events');
  expect(stored[0]?.[1].length).toBe(1);
});

test('events that the store does not take are bounded', async () => {
  let fail: ((error: Error) => void)[] = [];
  const write = eventsStream({ append: () => new Promise((_resolve, reject) => fail.push(reject)) });
  for (let i = 0; i < 1_000; i++) write('error', 'the disk is full');
  expect(fail.length).toBe(100);
  for (const reject of fail) reject(new Error('full'));
  await new Promise(setImmediate);
  fail = [];
  write('error', 'the disk is full');
  expect(fail.length).toBe(1);
});
