import type { RecordBatch } from '../record';
import { parse } from './parse';
import { SyslogSender } from './sender';
import { SyslogBatchBuilder } from './syslog-batch-builder';
import { SyslogFramer } from './syslog-framer';
import { ARRIVAL, CLIENT, type CorpusEntry } from './testing/corpus';
import { NETWORK_CORPUS } from './testing/corpus-network';
import { ODD_CORPUS } from './testing/corpus-odd';
import { SECURITY_CORPUS } from './testing/corpus-security';
import { SERVER_CORPUS } from './testing/corpus-servers';

const CORPUS: readonly CorpusEntry[] = [...NETWORK_CORPUS, ...SECURITY_CORPUS, ...SERVER_CORPUS, ...ODD_CORPUS];
const CASES: [string, string, CorpusEntry][] = CORPUS.map((entry) => [entry.device, entry.message, entry]);

test('the corpus is large and various', () => {
  expect(CORPUS.length).toBeGreaterThanOrEqual(120);
  expect(
    new Set([...NETWORK_CORPUS, ...SECURITY_CORPUS, ...SERVER_CORPUS].map((entry) => entry.device)).size,
  ).toBeGreaterThanOrEqual(60);
});

test.each(CASES)('%s: %s', (_device, message, { fields }) => {
  const record = parse(message, { client: CLIENT, arrival: ARRIVAL });
  expect(record.fields).toEqual(fields);
  expect(record.timestamp).toBe(ARRIVAL);
});

test('in a batch, the same messages give the same fields, whatever stands before and after them', () => {
  const builder = new SyslogBatchBuilder();
  const sender = new SyslogSender(CLIENT);
  const messages = CORPUS.filter((entry) => entry.message !== '');
  // Twice, so that every message also meets warm caches.
  for (let round = 0; round < 2; round++) {
    for (const { message } of messages) builder.addMessage(message, ARRIVAL, sender);
  }
  const batch: RecordBatch = builder.take();
  expect(batch.length).toBe(2 * messages.length);
  for (let row = 0; row < batch.length; row++) {
    expect({ ...batch.fields(row) }).toEqual((messages[row % messages.length] as CorpusEntry).fields);
  }
});

test('through one connection, nothing of a neighbour is read', () => {
  const messages = CORPUS.filter((entry) => entry.message.replace(/[\r\n\0]/g, '') !== '');
  const stream = Buffer.concat(
    messages.map(({ message }, i) => {
      const bytes = Buffer.from(message);
      const isLine = i % 2 === 0 && !/[\n\0]/.test(message);
      return isLine
        ? Buffer.from(`${message}\n`)
        : bytes[0] === 0x3c && /^<\d/.test(message)
          ? Buffer.concat([Buffer.from(`${bytes.length} `), bytes])
          : Buffer.from(`${message}\n`);
    }),
  );
  const framer = new SyslogFramer();
  const builder = new SyslogBatchBuilder();
  const sender = new SyslogSender(CLIENT);
  framer.push(stream);
  framer.finish();
  while (framer.next()) builder.add(framer, ARRIVAL, sender);
  const batch = builder.take();
  expect(batch.length).toBe(messages.length);
  for (let row = 0; row < batch.length; row++) {
    expect({ ...batch.fields(row) }).toEqual((messages[row] as CorpusEntry).fields);
  }
});
