import { frameOf } from './frame';
import { SyslogSender } from './sender';
import { SyslogBatchBuilder } from './syslog-batch-builder';
import { SyslogFramer } from './syslog-framer';

const ARRIVAL = Date.UTC(2024, 9, 11, 22, 14, 20);
const sender = new SyslogSender('10.0.0.7:514', 'CN=client');

describe('a batch', () => {
  test('has a row for each message, with the arrival as its time', () => {
    const builder = new SyslogBatchBuilder();
    builder.addMessage('<13>1 - h a - - [x@1 k="v"] one', ARRIVAL, sender);
    builder.addMessage('<34>Oct 11 22:14:15 host app[7]: two', ARRIVAL + 1, sender);
    expect(builder.length).toBe(2);
    expect(builder.approximateBytes).toBeGreaterThan(60);
    const batch = builder.take();
    expect(batch.timestamps).toEqual([ARRIVAL, ARRIVAL + 1]);
    expect({ ...batch.fields(0) }).toEqual({
      timestamp: '',
      hostname: 'h',
      app_name: 'a',
      proc_id: '',
      msg_id: '',
      structured_data: '[x@1 k="v"]',
      'sd.x@1.k': 'v',
      message: 'one',
      version: '1',
      priority: '13',
      facility: '1',
      severity: '5',
      client: '10.0.0.7:514',
      tls_peer: 'CN=client',
    });
    expect({ ...batch.fields(1) }).toEqual({
      timestamp: '2024-10-11T22:14:15Z',
      hostname: 'host',
      tag: 'app',
      proc_id: '7',
      content: 'two',
      priority: '34',
      facility: '4',
      severity: '2',
      client: '10.0.0.7:514',
      tls_peer: 'CN=client',
    });
  });

  test('is handed over once, and the next one begins empty', () => {
    const builder = new SyslogBatchBuilder();
    builder.addMessage('<13>1 - h a - - - one', ARRIVAL, sender);
    const first = builder.take();
    expect(builder.length).toBe(0);
    expect(builder.approximateBytes).toBe(0);
    builder.addMessage('<13>two', ARRIVAL, sender);
    expect(first.length).toBe(1);
    expect(builder.take().names).not.toContain('app_name');
  });

  test('has no column of a format that it does not hold', () => {
    const builder = new SyslogBatchBuilder();
    builder.addMessage('<13>two', ARRIVAL, sender);
    expect(builder.take().names).toEqual([
      'timestamp',
      'hostname',
      'tag',
      'proc_id',
      'content',
      'priority',
      'facility',
      'severity',
      'client',
      'tls_peer',
    ]);
  });

  test('tells what happened to a message before it was parsed', () => {
    const builder = new SyslogBatchBuilder();
    const framer = new SyslogFramer({ maxMessageBytes: 480, oversize: 'split' });
    framer.push(Buffer.from(`<13>1 - h a - - - ${'x'.repeat(600)}\n`));
    while (framer.next()) builder.add(framer, ARRIVAL, sender);
    const truncating = new SyslogFramer({ maxMessageBytes: 480 });
    truncating.push(Buffer.from(`<13>1 - h a - - - ${'y'.repeat(600)}\n`));
    while (truncating.next()) builder.add(truncating, ARRIVAL, sender);
    builder.addMessage(Buffer.from([0x3c, 0x31, 0x33, 0x3e, 0xff]), ARRIVAL, sender);
    const batch = builder.take();
    expect(batch.field(0, 'message')).toBe('x'.repeat(462));
    expect(batch.field(0, 'split_part')).toBe('1');
    expect({ ...batch.fields(1) }).toMatchObject({
      content: 'x'.repeat(138),
      split_part: '2',
      hostname: '10.0.0.7',
      priority: '13',
    });
    expect(batch.field(1, 'parse_error')).toBeUndefined();
    expect({ ...batch.fields(2) }).toMatchObject({
      truncated: 'true',
      original_length: '618',
      message: 'y'.repeat(462),
    });
    expect({ ...batch.fields(3) }).toMatchObject({ content: '\ufffd', invalid_utf8: 'true', raw_base64: 'PDEzPv8=' });
  });

  test('shares equal host and program names', () => {
    const builder = new SyslogBatchBuilder();
    const chunk = '<13>1 - a-rather-long-host.example.com a - - - x\n'.repeat(3);
    const framer = new SyslogFramer();
    framer.push(Buffer.from(chunk));
    while (framer.next()) builder.add(framer, ARRIVAL, sender);
    expect(builder.take().findColumn('hostname')).toEqual(Array(3).fill('a-rather-long-host.example.com'));
  });
});

describe('senders that make up parameter names', () => {
  const message = (i: number): string =>
    `<13>1 - h a - - [x@1${Array.from({ length: 100 }, (_, k) => ` n${i}-${k}="v"`).join('')}] m`;

  test('fill a batch early', () => {
    const builder = new SyslogBatchBuilder();
    let messages = 0;
    while (!builder.full) builder.addMessage(message(messages++), ARRIVAL, sender);
    expect(messages).toBeLessThan(10);
    builder.take();
    expect(builder.full).toBe(false);
  });

  test('cannot make one batch grow beyond its columns; nothing is lost', () => {
    const builder = new SyslogBatchBuilder();
    for (let i = 0; i < 500; i++) builder.addMessage(message(i), ARRIVAL, sender);
    const batch = builder.take();
    expect(batch.names.length).toBeLessThan(1100);
    expect(batch.field(499, 'structured_data')).toContain('n499-99="v"');
    expect(batch.field(499, 'parse_error')).toMatch(/different fields/);
  });
});

test('a frame of a string has its trailing line ends cut', () => {
  const frame = frameOf('<13>x\r\n\0');
  expect(frame.end).toBe(5);
});
