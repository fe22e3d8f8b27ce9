import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MAIN = path.join(__dirname, '../../dist/cli/main.js');

/** Listeners on free ports of this host alone. */
const SETTINGS = {
  'http.bind': '127.0.0.1:0',
  'management.bind': '127.0.0.1:0',
  'syslog.udp.bind': '127.0.0.1:0',
  'syslog.tcp.bind': '127.0.0.1:0',
  'otlp.http.bind': '127.0.0.1:0',
  'otlp.grpc.bind': '127.0.0.1:0',
  'storage.query.workers': '1',
};

const PASSWORD = 'correct horse battery';

export interface StoredRecord {
  readonly timestamp: string;
  readonly fields: Record<string, string>;
}

const running = new Set<ChildProcess>();

// A test that failed half-way has not ended its server.
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** The tests' environment without settings of a Logweir that its user may have: they would reach the server of a test. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LOGWEIR_')));
}

/** A server in a process of its own, with a data directory of its own. */
export class RunningServer {
  /** All that the process wrote. */
  output = '';
  #token = '';

  private constructor(
    readonly directory: string,
    readonly process: ChildProcess,
    readonly addresses: Readonly<Record<string, string>>,
  ) {}

  /** Starts a server; with a directory it goes on with the data of an earlier one. */
  static async start(
    options: {
      directory?: string;
      settings?: Record<string, string>;
      env?: Record<string, string>;
      /** A program that starts the server, with its first arguments. */
      launcher?: readonly string[];
      /** A login at an earlier server on the same directory, which is still good: logging in takes time on purpose. */
      token?: string;
      /** Descriptors that the process gets, from number 3 on. */
      descriptors?: readonly number[];
    } = {},
  ): Promise<RunningServer> {
    const directory = options.directory ?? (await mkdtemp(path.join(tmpdir(), 'logweir-test-')));
    const settings = { ...SETTINGS, 'auth.initial_password': PASSWORD, ...options.settings };
    const flags = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const command = [...(options.launcher ?? []), process.execPath, MAIN, 'serve', '--data-dir', directory, ...flags];
    const child = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe', ...(options.descriptors ?? [])],
      env: { ...environment(), ...options.env },
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error('the server has no output');
    let output = '';
    const addresses = await new Promise<Record<string, string>>((resolve, reject) => {
      const collect = (chunk: Buffer): void => {
        output += chunk.toString();
        const ready = /is ready: (.*)/.exec(output);
        if (ready?.[1] !== undefined) {
          resolve(Object.fromEntries(ready[1].split(' ').map((part) => part.split('=') as [string, string])));
        }
      };
      stdout.on('data', collect);
      stderr.on('data', collect);
      child.on('exit', (code) => reject(new Error(`the server ended with ${String(code)}: ${output}`)));
    });
    const server = new RunningServer(directory, child, addresses);
    server.output = output;
    server.#token = options.token ?? '';
    for (const stream of [stdout, stderr]) {
      stream.on('data', (chunk: Buffer) => {
        server.output += chunk.toString();
      });
    }
    return server;
  }

  /** Port of a listener, by its name. */
  port(name: string): number {
    const address = this.addresses[name];
    if (address === undefined) throw new Error(`no listener ${name} among ${Object.keys(this.addresses).join(', ')}`);
    return Number(address.slice(address.lastIndexOf(':') + 1));
  }

  url(listener: 'http' | 'management' | 'otlp_http', route: string): string {
    return `http://127.0.0.1:${this.port(listener)}${route}`;
  }

  /** A login of the first user. */
  async token(): Promise<string> {
    if (this.#token === '') {
      const response = await fetch(this.url('http', '/api/v1/auth/login'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username: 'root', password: PASSWORD }),
      });
      const body = (await response.json()) as { token: string };
      this.#token = body.token;
    }
    return this.#token;
  }

  /** A request to the API as the first user; JSON goes in and out. */
  async api(method: string, route: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(this.url('http', `/api/v1${route}`), {
      method,
      headers: { Authorization: `Bearer ${await this.token()}`, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    let parsed: unknown = text;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Not every answer is JSON; the caller sees the text.
    }
    return { status: response.status, body: parsed as Record<string, unknown> };
  }

  /** Records of a stream, oldest first. */
  async records(stream = 'default', filter = ''): Promise<StoredRecord[]> {
    const query = new URLSearchParams({
      from: '2000-01-01T00:00:00Z',
      to: '2100-01-01T00:00:00Z',
      filter,
      order: 'oldest',
    });
    const answer = await this.api('GET', `/streams/${encodeURIComponent(stream)}/logs?${query.toString()}`);
    if (answer.status !== 200) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body.records as StoredRecord[];
  }

  async metrics(): Promise<string> {
    return (await fetch(this.url('management', '/metrics'))).text();
  }

  /** Value of one series, labels included, e.g. `flowg_stream_log_total{stream="default"}`. */
  async metric(series: string): Promise<number> {
    const line = (await this.metrics()).split('\n').find((text) => text.startsWith(`${series} `));
    return line === undefined ? 0 : Number(line.slice(series.length + 1));
  }

  /** Resident memory in bytes. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${String(this.process.pid)}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  /** Sends a signal and waits for the end; returns the exit code (null: ended by the signal). */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.running) return this.process.exitCode;
    const exited = new Promise<number | null>((resolve) => this.process.once('exit', resolve));
    this.process.kill(signal);
    return exited;
  }

  /** Ends the server and removes its data. */
  async dispose(): Promise<void> {
    await this.end();
    if (existsSync(this.directory)) await rm(this.directory, { recursive: true, force: true });
  }
}
