import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TlsOptions } from 'node:tls';
import type { Destination } from '../../../src/forwarders/destination';
import { TemporaryFailure } from '../../../src/forwarders/destination';
import type { RecordFields } from '../../../src/record';
import { parse } from '../../../src/syslog';
import { selfSigned } from '../../support/self-signed';
import { until } from '../../support/until';
import {
  NEVER,
  batchOf,
  lookupWithDeadEnd,
  openDestination,
  problemsOf,
  withDefaults,
  type AnyConfig,
} from './support/open-destination';
import { StreamReceiver } from './support/syslog-receiver';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function open(config: Record<string, unknown>, context = {}): Destination {
  const destination = openDestination({ type: 'syslog', ...config } as AnyConfig, context);
  closing.push(() => destination.close());
  return destination;
}

async function receive(tls?: TlsOptions): Promise<StreamReceiver> {
  const receiver = await StreamReceiver.start(tls);
  closing.push(() => receiver.stop());
  return receiver;
}

async function messages(config: Record<string, unknown>, ...records: RecordFields[]): Promise<string[]> {
  const preview = await open({ network: 'tcp', address: '127.0.0.1:1', ...config }).preview!(batchOf(...records));
  return (preview as { messages: string[] }).messages;
}

describe('messages', () => {
  const record = { message: 'disk full', app_name: 'kernel', level: 'ERROR', hostname: 'web1' };

  test.each<[string, Record<string, unknown>, string]>([
    [
      'the fields as JSON in an old-style message',
      { tag: 'logs', severity: 'err', facility: 'local0' },
      '<131>2026-03-04T05:06:07.089Z web1 logs: {"message":"disk full","app_name":"kernel","level":"ERROR","hostname":"web1"}',
    ],
    [
      'dynamic fields',
      {
        tag: '@expr:log.app_name',
        severity: '@expr:lower(log.level)',
        facility: '@expr:"daemon"',
        message: '@expr:log.message',
        hostname: '@expr:upper(log.hostname)',
        proc_id: '7',
        time_format: 'bsd',
        timezone: '+01:00',
      },
      '<27>Mar  4 06:06:07 WEB1 kernel[7]: disk full',
    ],
    [
      'unknown keywords',
      { severity: '@expr:log.nothing', facility: 'nobody', message: 'm' },
      '<14>2026-03-04T05:06:07.089Z web1 kernel: m',
    ],
    ['numbers', { severity: '0', facility: '23', message: 'm' }, '<184>2026-03-04T05:06:07.089Z web1 kernel: m'],
    [
      'RFC 5424 with everything in its place',
      { format: 'rfc5424', severity: 'crit', msg_id: 'ID', structured_data: 'all' },
      '<10>1 2026-03-04T05:06:07.089Z web1 kernel - ID [logweir@32473 level="ERROR"] disk full',
    ],
    [
      'a list of fields, an id',
      { format: 'rfc5424', structured_data: ['level', 'absent'], structured_data_id: 'x@1', message: '@expr:"a\\nb"' },
      '<13>1 2026-03-04T05:06:07.089Z web1 kernel - - [x@1 level="ERROR"] a\nb',
    ],
  ])('%s', async (_name, config, expected) => {
    expect(await messages(config, record)).toEqual([expected]);
  });

  test('without a message field RFC 5424 has all fields as JSON', async () => {
    const [message] = await messages({ format: 'rfc5424' }, { a: '1', b: '2' });
    expect(parse(Buffer.from(message!)).fields.message).toBe('{"a":"1","b":"2"}');
  });

  test('the other half of a priority stays that of the record', async () => {
    expect(await messages({ severity: 'emerg', message: '' }, { priority: '165', tag: 't' })).toEqual([
      '<160>2026-03-04T05:06:07.089Z - t: ',
    ]);
  });

  test('names that structured data does not allow, and an id that is taken', async () => {
    const fields = {
      message: 'm',
      structured_data: '[logweir@32473 a="1"]',
      'ümlaut="]': 'x"]\\',
      [`long${'x'.repeat(40)}`]: 'y',
      ok: 'z"]\\',
    };
    const [message] = await messages({ format: 'rfc5424', structured_data: 'all' }, fields);
    const read = parse(Buffer.from(message!)).fields;
    expect(read).not.toHaveProperty('parse_error');
    expect(read['sd.logweir@32473.a']).toBe('1');
    expect(read['sd.logweir.2@32473.ok']).toBe('z"]\\');
    expect(JSON.parse(read['sd.logweir.2@32473.fields_json']!)).toEqual({
      'ümlaut="]': 'x"]\\',
      [`long${'x'.repeat(40)}`]: 'y',
    });
  });

  test('a record whose dynamic field fails is refused', async () => {
    const receiver = await receive();
    const destination = open({
      network: 'tcp',
      address: `localhost:${receiver.port}`,
      message: '@expr:[log.m][int(log.i)]',
    });
    const outcome = await destination.send(batchOf({ m: 'a', i: '1' }, { m: 'b', i: '0' }), NEVER);
    expect(outcome).toMatchObject({ refused: [{ row: 0, reason: expect.stringMatching(/^message: /) }], retry: [] });
    await until(() => receiver.text.endsWith('b\n'));
  });
});

describe.each([
  ['tcp', undefined],
  ['tls', selfSigned('localhost')],
] as const)('over %s', (network, certificate) => {
  function config(port: number): Record<string, unknown> {
    const tls = certificate && { tls: { ca: certificate.cert } };
    return { network, address: `127.0.0.1:${port}`, message: '@expr:log.m', ...tls };
  }

  test('one connection for many batches, in order, a line each', async () => {
    const receiver = await receive(certificate);
    const destination = open(config(receiver.port));
    await destination.send(batchOf({ m: 'one\ntwo' }, { m: 'three' }), NEVER);
    await destination.send(batchOf({ m: 'four' }), NEVER);
    await until(() => receiver.text.endsWith('four\n'));
    expect(receiver.text.split('\n').map((line) => line.replace(/^.* - /, ''))).toEqual([
      'one two',
      'three',
      'four',
      '',
    ]);
    expect(receiver.sockets).toHaveLength(1);
  });

  test('a connection that the peer has ended is not written to', async () => {
    const receiver = await receive(certificate);
    const destination = open(config(receiver.port));
    await destination.send(batchOf({ m: 'one' }), NEVER);
    await until(() => receiver.text.endsWith('one\n'));
    for (let i = 0; i < 5; i++) {
      const socket = receiver.sockets.at(-1)!;
      socket.end();
      await once(socket, 'close');
      await destination.send(batchOf({ m: `again ${i}` }), NEVER);
      await until(() => receiver.text.endsWith(`again ${i}\n`));
    }
    expect(receiver.sockets).toHaveLength(6);
  });

  test('down, then up again', async () => {
    const receiver = await StreamReceiver.start(certificate);
    const { port } = receiver;
    const destination = open(config(port));
    await destination.send(batchOf({ m: 'one' }), NEVER);
    await receiver.stop();
    await expect(destination.send(batchOf({ m: 'two' }), NEVER)).rejects.toThrow(TemporaryFailure);
    const next = await StreamReceiver.start(certificate, port);
    closing.push(() => next.stop());
    await destination.send(batchOf({ m: 'two' }), NEVER);
    await until(() => next.text.endsWith('two\n'));
  });

  test('a receiver that does not read holds nobody up beyond the signal', async () => {
    const receiver = await receive(certificate);
    const destination = open(config(receiver.port));
    await destination.send(batchOf({ m: 'one' }), NEVER);
    await until(() => receiver.sockets.length === 1);
    receiver.sockets[0]!.pause();
    const controller = new AbortController();
    // More than any kernel buffers.
    const large = batchOf(...Array.from({ length: 300 }, () => ({ m: 'x'.repeat(100_000) })));
    const sent = destination.send(large, controller.signal).catch((error: unknown) => error);
    let turns = 0;
    await until(() => ++turns > 20);
    controller.abort();
    const outcome = await sent;
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(TemporaryFailure);
    else expect((outcome as { retry: unknown[] }).retry.length).toBeGreaterThan(0);
  });
});

test('an unknown authority, a wrong name and a plain peer are failures that may pass', async () => {
  const certificate = selfSigned('localhost');
  const receiver = await receive(certificate);
  const plain = await receive();
  const address = `127.0.0.1:${receiver.port}`;
  const one = batchOf({ m: '1' });
  await expect(open({ network: 'tls', address }).send(one, NEVER)).rejects.toThrow(/self.signed/);
  const tls = { ca: certificate.cert, server_name: 'other.test' };
  await expect(open({ network: 'tls', address, tls }).send(one, NEVER)).rejects.toThrow(/other\.test/);
  const controller = new AbortController();
  const sent = open({ network: 'tls', address: `127.0.0.1:${plain.port}` }).send(one, controller.signal);
  const failed = expect(sent).rejects.toThrow(TemporaryFailure);
  await until(() => plain.text !== '');
  controller.abort();
  await failed;
});

test.each<['TLSv1.2' | 'TLSv1.3']>([['TLSv1.2'], ['TLSv1.3']])(
  'a receiver that wants a client certificate loses nothing of those who have none (%s)',
  async (maxVersion) => {
    const certificate = selfSigned('localhost');
    const client = selfSigned('client');
    const receiver = await receive({ ...certificate, ca: client.cert, requestCert: true, maxVersion });
    const address = `127.0.0.1:${receiver.port}`;
    const tls = { ca: certificate.cert };
    const one = batchOf({ m: '1' });
    await expect(open({ network: 'tls', address, tls }).send(one, NEVER)).rejects.toThrow(/tls\.cert and tls\.key/);
    const known = open({ network: 'tls', address, tls: { ...tls, ...client } });
    await known.send(one, NEVER);
    await until(() => receiver.text !== '');
  },
);

describe('over UDP', () => {
  async function listen(): Promise<{ socket: Socket; received: string[] }> {
    const socket = createSocket('udp4');
    const received: string[] = [];
    socket.on('message', (message) => received.push(message.toString()));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return { socket, received };
  }

  test('a datagram each, whole; one that is too large is refused', async () => {
    const { socket, received } = await listen();
    closing.push(async () => socket.close());
    const destination = open({ network: 'udp', address: `localhost:${socket.address().port}`, message: '@expr:log.m' });
    const outcome = await destination.send(batchOf({ m: 'a\nb' }, { m: 'x'.repeat(70_000) }, { m: 'c' }), NEVER);
    expect(outcome).toMatchObject({ refused: [{ row: 1, reason: expect.stringContaining('65507') }], retry: [] });
    await until(() => received.length === 2);
    expect(received[0]).toMatch(/^<13>2026.* a\nb$/);
  });

  test('an address that leads nowhere is followed by the next one', async () => {
    const { socket, received } = await listen();
    closing.push(async () => socket.close());
    const address = `collector.test:${socket.address().port}`;
    const destination = open({ network: 'udp', address }, { lookup: lookupWithDeadEnd });
    await until(async () => {
      await destination.send(batchOf({ m: 'a' }), NEVER).catch(() => undefined);
      return received.length > 0;
    });
  });

  test('where nobody listens it is a failure that may pass', async () => {
    const { socket } = await listen();
    const { port } = socket.address();
    socket.close();
    const destination = open({ network: 'udp', address: `127.0.0.1:${port}` });
    await until(async () => {
      const failure = await destination.send(batchOf({ m: 'a' }), NEVER).catch((error: unknown) => error);
      return failure instanceof TemporaryFailure && /ECONNREFUSED/.test(failure.message);
    });
  });
});

describe('configuration', () => {
  const minimal = { type: 'syslog', network: 'udp', address: 'a:514' };

  test('the forms of the peers are taken', () => {
    expect(() =>
      withDefaults({ ...minimal, tag: 't', severity: 'info', facility: 'user', message: '@expr:toJSON(log)' }),
    ).not.toThrow();
  });

  test.each(['host', 'host:', '::1:514', 'a b:1', '[::1]', 'http://a:1'])('address %s is refused', (address) => {
    expect(() => withDefaults({ ...minimal, address })).toThrow(/address/);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ address: 'a:0' }, 'address'],
    [{ address: '[::1]:99999' }, 'address'],
    [{ tls: {} }, 'tls'],
    [{ structured_data: 'all' }, 'structured_data'],
    [{ timezone: 'Mars/Olympus' }, 'timezone'],
  ])('%j is refused at %s', (config, path) => {
    expect(problemsOf({ ...minimal, ...config }).map((problem) => problem.path)).toEqual([path]);
  });
});
