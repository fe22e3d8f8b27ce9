import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { TemporaryFailure, type Destination } from '../../../src/forwarders/destination';
import { RecordBatch } from '../../../src/record';
import { selfSigned } from '../../support/self-signed';
import {
  BATCH_TIME,
  IDS,
  NEVER,
  batchOf,
  lookupWithDeadEnd,
  openDestination,
  problemsOf,
  type AnyConfig,
} from './support/open-destination';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const certificate = selfSigned('localhost');

interface Received {
  readonly from: string;
  readonly to: string[];
  readonly text: string;
  readonly user: unknown;
  readonly secure: boolean;
}

/** A mail server; `refuse` gives the reply to a mail, by its text. */
async function mailServer(
  options: SMTPServerOptions = {},
  refuse: (text: string) => number | undefined = () => undefined,
): Promise<{ port: number; mails: Received[] }> {
  const mails: Received[] = [];
  const server = new SMTPServer({
    ...certificate,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'pass' ? done(null, { user: username }) : done(new Error('Invalid login')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const code = refuse(text);
        if (code !== undefined) {
          done(Object.assign(new Error('not this one'), { responseCode: code }));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text,
          user: session.user,
          secure: session.secure,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

function open(config: Record<string, unknown>, context = {}): Destination {
  const destination = openDestination(
    { type: 'email', host: 'localhost', from: 'weir@example.org', to: 'a@example.org', ...config } as AnyConfig,
    context,
  );
  closing.push(() => destination.close());
  return destination;
}

const tls = { ca: certificate.cert };

test.each<[string, Record<string, unknown>, SMTPServerOptions, boolean]>([
  ['STARTTLS with a user', { tls, username: 'u', password: 'pass' }, {}, true],
  ['TLS', { security: 'tls', tls }, { secure: true }, true],
  ['plain', { security: 'none' }, { disabledCommands: ['STARTTLS'] }, false],
])('%s', async (_name, config, options, secure) => {
  const { port, mails } = await mailServer(options);
  const more = { cc: 'c@example.org', bcc: 'b@example.org', reply_to: 'r@example.org' };
  await open({ port, ...config, ...more }).send(batchOf({ message: 'disk full', host: 'web1' }), NEVER);
  expect(mails).toHaveLength(1);
  expect(mails[0]).toMatchObject({
    from: 'weir@example.org',
    to: ['a@example.org', 'c@example.org', 'b@example.org'],
    secure,
    ...('username' in config && { user: 'u' }),
  });
  expect(mails[0]!.text).toMatch(/^Subject: disk full\r$/m);
  expect(mails[0]!.text).toMatch(/^Reply-To: r@example.org\r$/m);
  expect(mails[0]!.text).toMatch(/^host: web1\r$/m);
  // The identifier of the message is random, and ends in the sender's domain.
  expect(mails[0]!.text.replace(/^Message-ID: .*$/m, '')).not.toContain('b@example.org');
});

test('a server without STARTTLS, a wrong certificate and nobody at all are failures that may pass', async () => {
  const { port } = await mailServer({ disabledCommands: ['STARTTLS'] });
  const one = batchOf({ message: 'm' });
  await expect(open({ port, tls }).send(one, NEVER)).rejects.toThrow(TemporaryFailure);
  const secure = await mailServer({ secure: true });
  await expect(open({ port: secure.port, security: 'tls' }).send(one, NEVER)).rejects.toThrow(/self.signed/);
  await expect(open({ port: 1, security: 'none' }).send(one, NEVER)).rejects.toThrow(/ECONNREFUSED/);
});

test('an address that leads nowhere is followed by the next one', async () => {
  const { port, mails } = await mailServer({ disabledCommands: ['STARTTLS'] });
  const destination = open({ host: 'relay.test', port, security: 'none' }, { lookup: lookupWithDeadEnd });
  await expect(destination.send(batchOf({ m: '1' }), NEVER)).rejects.toThrow(/ECONNREFUSED/);
  await destination.send(batchOf({ m: '1' }), NEVER);
  expect(mails).toHaveLength(1);
});

test('replies 5xx are for good, 4xx are not', async () => {
  let code = 552;
  const { port, mails } = await mailServer({}, () => code);
  const destination = open({ port, tls, digest_window: 0 });
  const outcome = await destination.send(batchOf({ message: 'm' }), NEVER);
  expect(outcome).toMatchObject({ refused: [{ row: 0, reason: expect.stringContaining('not this one') }], retry: [] });
  code = 451;
  await expect(destination.send(batchOf({ message: 'm' }), NEVER)).rejects.toThrow(/not this one/);
  expect(mails).toEqual([]);
});

test('what a server says of the login is no fault of a mail', async () => {
  const authentication = Object.assign(new Error('5.7.57 client was not authenticated'), { responseCode: 530 });
  const { port } = await mailServer({ onMailFrom: (_address, _session, done) => done(authentication) });
  await expect(open({ port, tls }).send(batchOf({ m: '1' }), NEVER)).rejects.toThrow(TemporaryFailure);
});

test('a recipient that is refused is told of, the others have the mail', async () => {
  const { port, mails } = await mailServer({
    onRcptTo: ({ address }, _session, done) =>
      address === 'gone@example.org'
        ? done(Object.assign(new Error('5.1.1 no such user'), { responseCode: 550 }))
        : done(),
  });
  const destination = open({ port, tls, to: 'a@example.org, gone@example.org' });
  const outcome = await destination.send(batchOf({ m: '1' }), NEVER);
  const warning = 'the mail did not reach all of its recipients: gone@example.org: 550 5.1.1 no such user';
  expect(outcome).toEqual({ refused: [], retry: [], warning });
  expect(mails.map(({ to }) => to)).toEqual([['a@example.org']]);
});

test('a mail that is too large goes without its attachment, and says so', async () => {
  const { port, mails } = await mailServer({}, (text) => (text.includes('records.ndjson') ? 552 : undefined));
  const destination = open({ port, tls, attach_records: true, html: '@expr:log.m' });
  expect(await destination.send(batchOf({ m: '1' }, { m: '2' }), NEVER)).toEqual({ refused: [], retry: [] });
  expect(mails).toHaveLength(1);
  const text = mails[0]!.text.replaceAll(/=\r\n/g, '');
  expect(text.match(/The records are not attached.*552 not this one/g)).toHaveLength(2);
});

test('fields can neither add headers nor HTML', async () => {
  const { port, mails } = await mailServer();
  const config = {
    subject: '@expr:log.m',
    reply_to: '@expr:log.to',
    html: '@expr:"<b>" + log.m + "</b>"',
    text: '@expr:log.m',
  };
  const m = 'hello\r\nBcc: evil@example.org\r\n\r\n<script>alert(1)</script>';
  await open({ port, tls, ...config }).send(batchOf({ m, to: 'a@example.org\r\nX-Evil: 1' }), NEVER);
  const [head] = mails[0]!.text.split('\r\n\r\n');
  expect(head).not.toMatch(/^(Bcc|X-Evil):/m);
  expect(mails[0]!.to).not.toContain('evil@example.org');
  expect(mails[0]!.text).not.toContain('<script>alert(1)</script></b>');
});

describe('digest', () => {
  const at = (offset: number, ...texts: string[]): RecordBatch =>
    RecordBatch.from(
      texts.map((message) => ({ timestamp: BATCH_TIME + offset, fields: { message, host: message.slice(0, 1) } })),
    );

  test('the first record at once, then one mail a window with the count, the first records and groups', async () => {
    let now = BATCH_TIME + 1000;
    const { port, mails } = await mailServer();
    const config = { port, tls, digest_window: 60, digest_records: 2, group_by: 'host', attach_records: true };
    const destination = open(config, { now: () => now });
    expect(await destination.send(at(0, 'a1'), NEVER)).toEqual({ refused: [], retry: [] });
    now += 10_000;
    const storm = at(10_500, 'b1', 'b2', 'c1');
    await expect(destination.send(storm, NEVER)).rejects.toMatchObject({ retryAfterMs: 50_000 });
    expect(mails).toHaveLength(1);
    now += 50_000;
    await destination.send(storm, NEVER);
    expect(mails).toHaveLength(2);
    expect(mails[1]!.text).toMatch(/^Subject: \[3\] b1\r$/m);
    for (const line of ['1 more records are not shown.', '2 with host = b', '1 with host = c', 'records.ndjson']) {
      expect(mails[1]!.text).toContain(line);
    }
    // What was already waiting then belongs to the same storm: counted, and told of in the next mail.
    expect(await destination.send(at(20_000, 'd1', 'd2', 'd3'), NEVER)).toEqual({ refused: [], retry: [] });
    now += 60_000;
    await destination.send(at(130_000, 'e1'), NEVER);
    expect(mails).toHaveLength(3);
    expect(mails[2]!.text).toMatch(/^Subject: \[4\] e1\r$/m);
    expect(mails[2]!.text).toContain('3 records that came in earlier windows were counted, not shown.');
  });

  test('a storm that is longer than a batch is told of in its first mail, once', async () => {
    let now = BATCH_TIME + 1000;
    let waiting = 99_000;
    const { port, mails } = await mailServer();
    const destination = open({ port, tls, digest_window: 60 }, { now: () => now, waiting: () => waiting });
    await destination.send(at(0, 'a1', 'a2'), NEVER);
    expect(mails[0]!.text).toMatch(/^Subject: \[99002\] a1\r$/m);
    expect(mails[0]!.text).toContain('99000 more records were waiting behind these: counted, not shown.');
    const behind = (count: number): RecordBatch => at(0, ...Array.from({ length: count }, () => 'a'));
    expect(await destination.send(behind(60_000), NEVER)).toEqual({ refused: [], retry: [] });
    // Two came while the mail was under way.
    expect(await destination.send(behind(39_002), NEVER)).toEqual({ refused: [], retry: [] });
    waiting = 0;
    now += 60_000;
    await destination.send(at(30_000, 'b1'), NEVER);
    expect(mails).toHaveLength(2);
    expect(mails[1]!.text).toMatch(/^Subject: \[3\] b1\r$/m);

    const each = open({ port, tls, to: '@expr:log.host + "@example.org"' }, { waiting: () => 5 });
    await each.send(at(0, 'c1'), NEVER);
    expect(mails[2]!.text).toMatch(/^Subject: c1\r$/m);
  });

  test('windows, the cap and what was counted outlive a restart', async () => {
    let now = BATCH_TIME + 1000;
    let kept: string | undefined = '{"left":"by another type"}';
    const memory = { read: () => Promise.resolve(kept), write: (text: string) => Promise.resolve(void (kept = text)) };
    const { port, mails } = await mailServer();
    const restarted = (): Destination =>
      open({ port, tls, digest_window: 60, hourly_cap: 2 }, { now: () => now, memory });
    await restarted().send(at(0, 'a1'), NEVER);
    await restarted().send(at(0, 'a2', 'a3'), NEVER);
    await expect(restarted().send(at(2000, 'b1'), NEVER)).rejects.toMatchObject({ retryAfterMs: 60_000 });
    expect(mails).toHaveLength(1);
    now += 60_000;
    await restarted().send(at(2000, 'b1'), NEVER);
    expect(mails[1]!.text).toMatch(/^Subject: \[3\] b1\r$/m);
    now += 60_000;
    // The cap, though the window is over.
    await expect(restarted().send(at(70_000, 'c1'), NEVER)).rejects.toMatchObject({
      retryAfterMs: 3_600_000 - 120_000,
    });
    expect(mails).toHaveLength(2);
  });

  test('batches under way at once keep to one window', async () => {
    const { port, mails } = await mailServer();
    const memory = { read: () => Promise.resolve(undefined), write: () => Promise.resolve() };
    const destination = open({ port, tls }, { memory });
    await destination.send(at(0, 'a1'), NEVER);
    await Promise.all(['b', 'c'].map((text) => destination.send(at(0, text), NEVER)));
    expect(mails).toHaveLength(1);
  });

  test('a mail tells the delivery ids of its records', async () => {
    const { port, mails } = await mailServer();
    const destination = open({ port, tls, from: 'Weir <weir@example.org>', digest_window: 0 });
    await destination.send(at(0, 'a1', 'a2'), NEVER, IDS);
    expect(mails[0]!.text).toMatch(/^Logweir-Delivery-Id: queue\.7\.0~queue\.7\.1~2\r$/im);
    // Sent again it is the same message, of which mailboxes keep one.
    await destination.send(at(0, 'a1', 'a2'), NEVER, IDS);
    const identifiers = mails.map(({ text }) => /^Message-ID: (.*)\r$/m.exec(text)?.[1]);
    expect(identifiers).toEqual(Array(2).fill('<queue.7.0~queue.7.1~2@example.org>'));
  });

  test('a mail that failed is sent again as a whole', async () => {
    let down = true;
    const { port, mails } = await mailServer({}, () => (down ? 450 : undefined));
    const destination = open({ port, tls });
    await expect(destination.send(at(0, 'a1', 'a2'), NEVER)).rejects.toThrow(TemporaryFailure);
    down = false;
    await destination.send(at(0, 'a1', 'a2'), NEVER);
    expect(mails).toHaveLength(1);
    expect(mails[0]!.text).toMatch(/^Subject: \[2\] a1\r$/m);
  });

  test('an hourly cap holds back what a window would let go', async () => {
    let now = BATCH_TIME;
    const { port, mails } = await mailServer();
    const destination = open({ port, tls, digest_window: 0, hourly_cap: 2 }, { now: () => now });
    for (let i = 0; i < 2; i++) await destination.send(at(++now - BATCH_TIME, 'a'), NEVER);
    now += 60_000;
    await expect(destination.send(at(now - BATCH_TIME, 'a'), NEVER)).rejects.toMatchObject({
      retryAfterMs: 3_600_000 - 60_001,
    });
    now += 3_600_000;
    await destination.send(at(now - BATCH_TIME, 'a'), NEVER);
    expect(mails).toHaveLength(3);
  });

  test('each set of recipients has windows of its own', async () => {
    const { port, mails } = await mailServer();
    const destination = open({ port, tls, to: '@expr:log.host + "@example.org"' });
    await destination.send(at(0, 'a1', 'b1', 'a2'), NEVER);
    expect(mails.map(({ to }) => to)).toEqual([['a@example.org'], ['b@example.org']]);
  });
});

test('a preview shows mails without sending them', async () => {
  const preview = await open({ subject: 's', text: '@expr:log.message' }).preview!(batchOf({ message: 'm' }));
  expect(preview).toEqual({
    mails: [expect.objectContaining({ to: 'a@example.org', subject: 's', text: '2026-03-04T05:06:07.089Z\nm' })],
  });
});

test('user and password belong together', () => {
  const config = { type: 'email', host: 'h', from: 'a@b', to: 'c@d', username: 'u' };
  expect(problemsOf(config).map(({ path }) => path)).toEqual(['password']);
});
