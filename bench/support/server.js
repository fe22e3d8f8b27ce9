// The server under measurement: the built product in a process of its own, with a data directory of its own.
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const MAIN = path.join(__dirname, '../../dist/cli/main.js');
const PASSWORD = 'correct horse battery';
const SETTINGS = {
  'http.bind': '127.0.0.1:0',
  'management.bind': '127.0.0.1:0',
  'syslog.udp.bind': '127.0.0.1:0',
  'syslog.tcp.bind': '127.0.0.1:0',
  'otlp.http.bind': '127.0.0.1:0',
  'otlp.grpc.bind': 'off',
  'auth.initial_password': PASSWORD,
};
/** How long the server may take to end by itself. */
const STOP_TIMEOUT_MS = 60_000;
/** How long no new record may appear before a measurement is given up. */
const STALL_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
const ANY_TIME = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
/** Start of every record in an answer; quotes inside values are escaped, so that it appears nowhere else. */
const RECORD_START = '{"timestamp":"';

class Server {
  #process;
  #token = '';

  constructor(child, directory, addresses) {
    this.#process = child;
    this.directory = directory;
    this.addresses = addresses;
  }

  /**
   * @param options.settings keys of the configuration; all else is as shipped, except that listeners are on 127.0.0.1
   * @param options.directory the data directory, a new one in the system's temporary folder unless given
   * @param options.keep the directory stays when the server ends
   * @param options.env beside the environment of this process
   * @param options.cpuProfile folder for profiles of all threads, written when the server ends
   */
  static async start({ settings = {}, directory, keep = false, env = {}, cpuProfile } = {}) {
    const dataDir = directory ?? fs.mkdtempSync(path.join(os.tmpdir(), 'logweir-bench-'));
    const flags = Object.entries({ ...SETTINGS, ...settings }).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const node = cpuProfile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProfile}`];
    const child = spawn(process.execPath, [...node, MAIN, 'serve', '--data-dir', dataDir, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // As the unit and npm start have it.
      env: { MALLOC_ARENA_MAX: '2', ...process.env, ...env },
    });
    const remove = () => keep || fs.rmSync(dataDir, { recursive: true, force: true });
    // Whatever ends the benchmark ends its server.
    const kill = () => {
      child.kill('SIGKILL');
      remove();
    };
    process.once('exit', kill);
    child.once('exit', () => process.off('exit', kill));
    let output = '';
    const addresses = await new Promise((resolve, reject) => {
      const collect = (chunk) => {
        output += chunk;
        const ready = /is ready: (.*)/.exec(output);
        if (ready !== null) resolve(Object.fromEntries(ready[1].split(' ').map((part) => part.split('='))));
      };
      child.stdout.on('data', collect);
      child.stderr.on('data', collect);
      child.once('exit', (code) => {
        remove();
        reject(new Error(`the server ended with ${code}: ${output}`));
      });
    });
    const server = new Server(child, dataDir, addresses);
    server.log = () => output;
    return server;
  }

  get pid() {
    return this.#process.pid;
  }

  /** Port of a listener, by its name. */
  port(listener) {
    const address = this.addresses[listener];
    if (address === undefined) throw new Error(`no listener ${listener}`);
    return Number(address.slice(address.lastIndexOf(':') + 1));
  }

  /** A personal access token of the first user, as long-lived senders use it. */
  async token() {
    if (this.#token !== '') return this.#token;
    const login = await request(
      this.port('http'),
      'POST',
      '/api/v1/auth/login',
      {},
      { username: 'root', password: PASSWORD },
    );
    const bearer = { Authorization: `Bearer ${JSON.parse(login.text).token}` };
    const created = await request(this.port('http'), 'POST', '/api/v1/token', bearer);
    this.#token = JSON.parse(created.text).token;
    if (typeof this.#token !== 'string') throw new Error(`no token: ${created.text}`);
    return this.#token;
  }

  /** Answer of a GET under /api/v1. */
  async get(route) {
    const { status, text } = await request(this.port('http'), 'GET', `/api/v1${route}`, {
      Authorization: `Bearer ${await this.token()}`,
    });
    if (status !== 200) throw new Error(`GET ${route}: ${status} ${text}`);
    return JSON.parse(text);
  }

  /** Reads an answer of a GET under /api/v1 to its end. @returns its size in bytes */
  async download(route) {
    const headers = { Authorization: `Bearer ${await this.token()}` };
    let bytes = 0;
    const { status } = await request(this.port('http'), 'GET', `/api/v1${route}`, headers, undefined, (chunk) => {
      bytes += chunk.length;
    });
    if (status !== 200) throw new Error(`GET ${route}: ${status}`);
    return bytes;
  }

  queryRoute(parameters, stream = 'default') {
    return `/streams/${encodeURIComponent(stream)}/logs?${new URLSearchParams({ ...ANY_TIME, ...parameters })}`;
  }

  /** Number of records that a query of the whole stream finds, counted in the answer's bytes. */
  async countByQuery() {
    const headers = { Authorization: `Bearer ${await this.token()}` };
    const target = `/api/v1${this.queryRoute({ fields: 'no_such_field' })}`;
    let count = 0;
    let rest = '';
    const { status } = await request(this.port('http'), 'GET', target, headers, undefined, (chunk) => {
      const text = rest + chunk.toString('latin1');
      for (let at = text.indexOf(RECORD_START); at >= 0; at = text.indexOf(RECORD_START, at + 1)) count++;
      rest = text.slice(Math.max(0, text.length - RECORD_START.length + 1));
    });
    if (status !== 200) throw new Error(`the query was answered with ${status}`);
    return count;
  }

  /** All metrics, by series. */
  async metrics() {
    const { text } = await request(this.port('management'), 'GET', '/metrics');
    const series = new Map();
    for (const line of text.split('\n')) {
      const at = line.lastIndexOf(' ');
      if (at > 0 && !line.startsWith('#')) series.set(line.slice(0, at), Number(line.slice(at + 1)));
    }
    return series;
  }

  /** Records of a stream that are durable: the counter rises when a commit has ended. */
  async stored(stream = 'default') {
    return (await this.metrics()).get(`flowg_stream_log_total{stream="${stream}"}`) ?? 0;
  }

  /** Waits until so many records are durable; returns when that was (`performance.now()`). */
  async untilStored(count, stream = 'default') {
    let last = -1;
    let lastRise = performance.now();
    for (;;) {
      const stored = await this.stored(stream);
      const now = performance.now();
      if (stored >= count) return now;
      if (stored > last) lastRise = now;
      else if (now - lastRise > STALL_TIMEOUT_MS)
        throw new Error(`only ${stored} of ${count} records arrived: ${this.log()}`);
      last = stored;
      await sleep(POLL_MS);
    }
  }

  signal(name) {
    this.#process.kill(name);
  }

  /** Ends the server. @returns its exit code, or null when it was killed */
  async end(signal = 'SIGTERM') {
    const child = this.#process;
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      const patience = new AbortController();
      const late = sleep(STOP_TIMEOUT_MS, 'late', { signal: patience.signal }).catch(() => undefined);
      if ((await Promise.race([exited, late])) === 'late') child.kill('SIGKILL');
      patience.abort();
      await exited;
    }
    return child.exitCode;
  }

  /** Ends the server and removes its data. */
  async dispose() {
    await this.end();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** One request; `onChunk` takes the body instead of the answer's `text`. */
function request(port, method, target, headers = {}, body, onChunk) {
  return new Promise((resolve, reject) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const type = sent === undefined ? {} : { 'Content-Type': 'application/json' };
    const options = { host: '127.0.0.1', port, method, path: target, headers: { ...headers, ...type } };
    const call = http.request(options, (response) => {
      let text = '';
      response.on('data', onChunk ?? ((chunk) => (text += chunk)));
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    call.on('error', reject);
    call.end(sent);
  });
}

module.exports = { Server, request };
