import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../../support/until';
import { NEVER, batchOf, openDestination } from './support/open-destination';

/** Postfix's own receiver for tests, installed or unpacked where POSTFIX_ROOT says. */
const root = process.env.POSTFIX_ROOT ?? '/';
const program = path.join(root, 'usr/sbin/smtp-sink');
const there = existsSync(program);
if (!there) console.warn('skipped: smtp-sink is not installed (postfix)');
const whenThere = there ? test : test.skip;

let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'logweir-postfix-'));
  chmodSync(folder, 0o777);
});

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the receiver with more of its options; returns its port. */
async function start(...options: string[]): Promise<number> {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const env = { ...process.env, LD_LIBRARY_PATH: path.join(root, 'usr/lib/postfix') };
  const address = [`127.0.0.1:${port}`, '10'];
  // It does not work as root, and asks for somebody else to work as.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  child = spawn(program, [...user, '-D', path.join(folder, 'mails'), ...options, ...address], { env, stdio: 'ignore' });
  await until(async () => {
    if (child?.exitCode !== null) throw new Error(`smtp-sink ended with ${child?.exitCode}`);
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    return open;
  });
  return port;
}

function mailTo(port: number): ReturnType<typeof openDestination> {
  const config = {
    type: 'email',
    host: '127.0.0.1',
    port,
    security: 'none',
    from: 'weir@example.org',
    to: 'a@example.org',
  };
  return openDestination({ ...config, digest_window: 0 });
}

whenThere('Postfix takes mails', async () => {
  const destination = mailTo(await start());
  try {
    for (const message of ['disk full', 'grüße'])
      expect(await destination.send(batchOf({ message }), NEVER)).toEqual({ refused: [], retry: [] });
    const mails = readFileSync(path.join(folder, 'mails'), 'utf8');
    expect(mails).toMatch(/^X-Rcpt-Args: <a@example.org>$/m);
    expect(mails).toMatch(/^Subject: disk full$/m);
    expect(mails).toMatch(/^Subject: =\?UTF-8\?/m);
  } finally {
    await destination.close();
  }
});

whenThere.each([
  ['-f', 'for good'],
  ['-r', 'for now'],
])('what Postfix refuses with %s is refused %s', async (option, meaning) => {
  const destination = mailTo(await start(option, 'RCPT'));
  try {
    const answer = destination.send(batchOf({ message: 'm' }), NEVER);
    if (meaning === 'for good') {
      expect(await answer).toMatchObject({ refused: [{ row: 0, reason: expect.stringMatching(/5\d\d/) }] });
    } else {
      await expect(answer).rejects.toThrow(/4\d\d/);
    }
  } finally {
    await destination.close();
  }
});
