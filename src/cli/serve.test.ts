import { EventEmitter } from 'node:events';
import { ConfigError, type Config } from '../config';
import type { RunningServer } from '../server';
import { serve, type ServeHost } from './serve';
import { memoryIo } from './testing/memory-io';

interface TestHost extends ServeHost {
  readonly signals: EventEmitter;
  readonly exits: number[];
  readonly started: Config[];
}

function hostWith(start: () => Promise<RunningServer>): TestHost {
  const exits: number[] = [];
  const started: Config[] = [];
  return {
    exits,
    started,
    signals: new EventEmitter(),
    exit: (code) => exits.push(code),
    notifier: () => undefined,
    startServer: (config) => {
      started.push(config);
      return start();
    },
  };
}

function running(
  stop: () => Promise<void> = () => Promise.resolve(),
  reloadCertificates = (): void => undefined,
): () => Promise<RunningServer> {
  const addresses = { http: '127.0.0.1:1234', syslog_udp: '[::]:5514' };
  const answering = (): Promise<void> => Promise.resolve();
  return () => Promise.resolve({ addresses, answering, stop, reloadCertificates });
}

let umask: number;
beforeAll(() => {
  umask = process.umask();
});
afterAll(() => {
  process.umask(umask);
});

describe('logweir serve', () => {
  it.each(['SIGTERM', 'SIGINT'])('stops once at the first %s and exits with 0', async (signal) => {
    let stops = 0;
    const host = hostWith(running(async () => void stops++));
    const io = memoryIo();
    const done = serve({ set: ['http.bind=:0'] }, io, host);
    await io.outContains('is ready: http=127.0.0.1:1234 syslog_udp=[::]:5514\n');
    host.signals.emit(signal, signal);
    host.signals.emit(signal, signal);
    expect(await done).toBe(0);
    expect(stops).toBe(1);
    expect(host.exits).toEqual([]);
    expect(host.started[0]?.http.bind).toBe(':0');
    expect(host.signals.eventNames()).toEqual([]);
  });

  it('reads the certificates again at SIGHUP', async () => {
    let reloads = 0;
    const host = hostWith(running(undefined, () => void reloads++));
    const io = memoryIo();
    const done = serve({}, io, host);
    await io.outContains('is ready');
    host.signals.emit('SIGHUP', 'SIGHUP');
    expect(reloads).toBe(1);
    host.signals.emit('SIGTERM', 'SIGTERM');
    expect(await done).toBe(0);
  });

  it('stops a server that was still starting when the signal came', async () => {
    let finishStart: (server: RunningServer) => void = () => undefined;
    const host = hostWith(() => new Promise((resolve) => (finishStart = resolve)));
    let stops = 0;
    const done = serve({}, memoryIo(), host);
    await new Promise(setImmediate);
    host.signals.emit('SIGTERM', 'SIGTERM');
    finishStart({
      addresses: {},
      answering: () => Promise.resolve(),
      stop: async () => void stops++,
      reloadCertificates: () => undefined,
    });
    expect(await done).toBe(0);
    expect(stops).toBe(1);
  });

  it('exits at once at a second signal, unless it is the echo of the first', async () => {
    const clock = jest.spyOn(performance, 'now');
    try {
      let finishStop: () => void = () => undefined;
      const stopped = new Promise<void>((resolve) => (finishStop = resolve));
      const host = hostWith(running(() => stopped));
      const io = memoryIo();
      const done = serve({}, io, host);
      await io.outContains('is ready');
      clock.mockReturnValue(10_000);
      host.signals.emit('SIGINT', 'SIGINT');
      clock.mockReturnValue(10_020);
      host.signals.emit('SIGINT', 'SIGINT');
      await io.outContains('stopping');
      expect(host.exits).toEqual([]);
      clock.mockReturnValue(11_000);
      host.signals.emit('SIGINT', 'SIGINT');
      expect(host.exits).toEqual([130]);
      finishStop();
      expect(await done).toBe(0);
    } finally {
      clock.mockRestore();
    }
  });

  it('exits with 1 and the reason when the server cannot start', async () => {
    const host = hostWith(() => Promise.reject(new Error('address already in use :::5080')));
    const io = memoryIo();
    expect(await serve({}, io, host)).toBe(1);
    expect(io.err()).toBe('logweir cannot start: address already in use :::5080\n');
    expect(host.signals.eventNames()).toEqual([]);
  });

  it('exits with 1 when the server cannot stop', async () => {
    const host = hostWith(running(() => Promise.reject(new Error('disk gone'))));
    const io = memoryIo();
    const done = serve({}, io, host);
    await io.outContains('is ready');
    host.signals.emit('SIGTERM', 'SIGTERM');
    expect(await done).toBe(1);
    expect(io.err()).toBe('logweir did not stop cleanly: disk gone\n');
  });

  it('gives up on a stop that hangs', async () => {
    jest.useFakeTimers();
    try {
      const host = hostWith(running(() => new Promise(() => undefined)));
      const io = memoryIo();
      const done = serve({ set: ['shutdown.timeout=2'] }, io, host);
      await io.outContains('is ready');
      host.signals.emit('SIGTERM', 'SIGTERM');
      await io.outContains('stopping');
      await jest.advanceTimersByTimeAsync(7_000);
      expect(await done).toBe(1);
      expect(io.err()).toContain('not done after 7000 ms');
    } finally {
      jest.useRealTimers();
    }
  });

  it('starts nothing when the configuration is wrong', async () => {
    const host = hostWith(running());
    await expect(serve({ set: ['nonsense=1'] }, memoryIo(), host)).rejects.toThrow(ConfigError);
    expect(host.started).toEqual([]);
    expect(host.signals.eventNames()).toEqual([]);
  });

  it('writes JSON lines, or nothing, as the log settings say', async () => {
    const host = hostWith(running());
    const io = memoryIo();
    const done = serve({ set: ['log.format=json', 'syslog.tls.bind=:1'] }, io, host);
    await io.outContains('is ready');
    host.signals.emit('SIGTERM', 'SIGTERM');
    await done;
    const lines = io
      .out()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { level: 'warn', message: expect.stringContaining('syslog.tls.bind') },
      { level: 'info', message: expect.stringContaining('http=127.0.0.1:1234') },
      { level: 'info', message: 'SIGTERM: stopping' },
    ]);

    const quiet = memoryIo();
    const second = hostWith(() => Promise.reject(new Error('no')));
    await serve({ set: ['log.level=error', 'syslog.tls.bind=:1'] }, quiet, second);
    expect(quiet.out()).toBe('');
  });

  it('keeps files of the service to its own user', async () => {
    process.umask(0o022);
    await serve(
      {},
      memoryIo(),
      hostWith(() => Promise.reject(new Error('no'))),
    );
    expect(process.umask()).toBe(0o077);
  });
});
