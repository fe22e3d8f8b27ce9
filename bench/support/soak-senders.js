// Senders of a soak test: each sends at a steady rate until it is told to stop, and comes back when the server was away.
'use strict';

const dgram = require('node:dgram');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');
const { setTimeout: sleep } = require('node:timers/promises');

/** Batches a second of each sender. */
const BATCHES_PER_SECOND = 5;
const RETRY_MS = 200;
/** A server that is being killed may leave a request open. */
const ANSWER_TIMEOUT_MS = 20_000;

const syslog = (text) => `<134>1 ${new Date().toISOString()} web-1 soak - - - ${text}`;

/**
 * @param host.ledger notes what is sent
 * @param host.rate records a second
 * @param host.ports by listener
 */
async function pace({ rate, signal }, sendBatch) {
  const size = Math.max(1, Math.round(rate / BATCHES_PER_SECOND));
  while (!signal.aborted) {
    const next = performance.now() + 1000 / BATCHES_PER_SECOND;
    try {
      await sendBatch(size);
    } catch {
      // The server is away, or refuses for now: what was not acknowledged stays so in the ledger.
      await sleep(RETRY_MS);
    }
    const wait = next - performance.now();
    if (wait > 0) await sleep(wait);
  }
}

function texts(ledger, name, size) {
  return Array.from({ length: size }, () => ledger.next(name));
}

async function post(port, path, body, headers) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  await response.arrayBuffer();
  return response.status;
}

function sendHttp({ ledger, ports, authorization, ...host }) {
  return pace(host, async (size) => {
    const first = ledger.position('http');
    const records = texts(ledger, 'http', size).map((message, i) => ({ message, level: i % 9 ? 'info' : 'error' }));
    const status = await post(ports.http, '/api/v1/pipelines/default/logs/struct', { records }, authorization);
    if (status !== 200) throw new Error(`status ${status}`);
    ledger.acknowledge('http', first, first + size);
  });
}

function sendOtlp({ ledger, ports, ...host }) {
  return pace(host, async (size) => {
    const first = ledger.position('otlp');
    const logRecords = texts(ledger, 'otlp', size).map((stringValue) => ({ body: { stringValue } }));
    const status = await post(ports.otlp, '/v1/logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }, {});
    if (status !== 200) throw new Error(`status ${status}`);
    ledger.acknowledge('otlp', first, first + size);
  });
}

function sendUdp({ ledger, ports, ...host }) {
  const socket = dgram.createSocket('udp4');
  socket.on('error', () => undefined);
  return pace(host, async (size) => {
    for (const text of texts(ledger, 'udp', size)) socket.send(syslog(text), ports.udp, '127.0.0.1');
  }).finally(() => socket.close());
}

/** A connection that is opened again when it was closed. */
class Line {
  #socket;
  #connect;
  answers = '';

  constructor(connect) {
    this.#connect = connect;
  }

  async open() {
    if (this.#socket !== undefined && this.#socket.writable) return false;
    const socket = this.#connect();
    socket.on('error', () => undefined);
    await Promise.race([
      once(socket, socket.encrypted ? 'secureConnect' : 'connect'),
      once(socket, 'close').then(() => Promise.reject(new Error('refused'))),
    ]);
    this.answers = '';
    socket.on('data', (chunk) => (this.answers += chunk.toString('latin1')));
    this.#socket = socket;
    return true;
  }

  async write(bytes) {
    if (!this.#socket.write(bytes)) await this.event('drain');
  }

  async event(name) {
    const waiting = new AbortController();
    const closed = once(this.#socket, 'close', { signal: waiting.signal }).then(() => 'closed');
    try {
      const first = await Promise.race([once(this.#socket, name, { signal: waiting.signal }), closed]);
      if (first === 'closed') throw new Error(first);
    } finally {
      closed.catch(() => undefined);
      waiting.abort();
    }
  }

  end() {
    this.#socket?.destroy();
  }
}

function sendStream(name, connect, { ledger, ...host }) {
  const line = new Line(connect);
  return pace(host, async (size) => {
    await line.open();
    await line.write(
      texts(ledger, name, size)
        .map((text) => `${syslog(text)}\n`)
        .join(''),
    );
  }).finally(() => line.end());
}

const sendTcp = (host) => sendStream('tcp', () => net.connect(host.ports.tcp, '127.0.0.1'), host);

const sendTls = (host) =>
  sendStream(
    'tls',
    () => tls.connect({ port: host.ports.tls, host: '127.0.0.1', ca: fs.readFileSync(host.authority) }),
    host,
  );

/** RELP: each message is answered once it is on disk; a batch counts when all of its answers are there. */
function sendRelp({ ledger, ports, ...host }) {
  const line = new Line(() => net.connect(ports.relp, '127.0.0.1'));
  let number = 0;
  const frame = (command, data) => `${++number} ${command} ${Buffer.byteLength(data)} ${data}\n`;
  const answersTo = async (count) => {
    while ((line.answers.match(/\d+ rsp /g) ?? []).length < count) await line.event('data');
    if (/rsp \d+ 5/.test(line.answers)) throw new Error('refused');
    line.answers = '';
  };
  return pace(host, async (size) => {
    if (await line.open()) {
      number = 0;
      await line.write(frame('open', 'relp_version=0\nrelp_software=soak\ncommands=syslog'));
      await answersTo(1);
    }
    const first = ledger.position('relp');
    await line.write(
      texts(ledger, 'relp', size)
        .map((text) => frame('syslog', syslog(text)))
        .join(''),
    );
    await answersTo(size);
    ledger.acknowledge('relp', first, first + size);
  }).finally(() => line.end());
}

const SENDERS = { http: sendHttp, otlp: sendOtlp, relp: sendRelp, tcp: sendTcp, tls: sendTls, udp: sendUdp };

module.exports = { SENDERS };
