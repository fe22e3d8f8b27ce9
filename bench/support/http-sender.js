// Sends HTTP requests over a few connections, one at a time on each, and measures how long the answers take. Requests are
// made beforehand and answers are only looked at as far as needed, because sender and server share the machine.
'use strict';

const { once } = require('node:events');
const net = require('node:net');
const zlib = require('node:zlib');
const { serve } = require('./child');
const bodies = require('./request-bodies');

const LENGTH_HEADER = /\r\ncontent-length: *(\d+)/i;

/** Bodies with the number of records in each. */
let prepared = [];

serve({
  /** @param kind one of the makers in request-bodies.js */
  prepare({ kind, count, seed, gzip = false }) {
    prepared = bodies[kind](count, seed).map(({ body, records }) => ({
      records,
      body: gzip ? zlib.gzipSync(body) : body,
    }));
    const bytes = prepared.reduce((sum, { body }) => sum + body.length, 0);
    return { bytes_per_body: Math.round(bytes / prepared.length) };
  },

  /** Sends for so many seconds; each connection ends after the answer that it waits for then. */
  async send({ port, path, headers, connections, seconds }) {
    const head = Object.entries(headers).reduce((text, [name, value]) => `${text}${name}: ${value}\r\n`, '');
    const requests = prepared.map(({ body, records }) => ({
      records,
      bytes: Buffer.concat([
        Buffer.from(
          `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${head}Content-Length: ${body.length}\r\n\r\n`,
        ),
        body,
      ]),
    }));
    const latencies = [];
    let records = 0;
    const refused = {};
    const cpu = process.cpuUsage();
    const start = performance.now();
    const end = start + seconds * 1000;
    let next = 0;
    const onAnswer = (milliseconds, status, request) => {
      latencies.push(milliseconds);
      if (status === 200) records += request.records;
      else refused[status] = (refused[status] ?? 0) + 1;
    };
    const take = () => (performance.now() < end ? requests[next++ % requests.length] : undefined);
    await Promise.all(Array.from({ length: connections }, () => converse(port, take, onAnswer)));
    const elapsed = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    latencies.sort((a, b) => a - b);
    const quantile = (part) =>
      Number(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))].toFixed(2));
    return {
      requests: latencies.length,
      records,
      refused,
      seconds: elapsed,
      p50_ms: quantile(0.5),
      p99_ms: quantile(0.99),
      max_ms: quantile(1),
      cpu_seconds: (user + system) / 1e6,
    };
  },
});

/** One connection: the next request goes out when the answer to the last one is complete. */
async function converse(port, take, onAnswer) {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  await new Promise((resolve, reject) => {
    let request;
    let sentAt = 0;
    let received = '';
    const send = () => {
      request = take();
      if (request === undefined) {
        socket.end();
        resolve();
        return;
      }
      received = '';
      sentAt = performance.now();
      socket.write(request.bytes);
    };
    socket.on('data', (chunk) => {
      received = received === '' ? chunk.latin1Slice(0, chunk.length) : received + chunk.latin1Slice(0, chunk.length);
      const headEnd = received.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = LENGTH_HEADER.exec(received);
      if (length === null) return reject(new Error(`an answer without Content-Length: ${received.slice(0, 500)}`));
      if (received.length < headEnd + 4 + Number(length[1])) return;
      onAnswer(performance.now() - sentAt, Number(received.slice(9, 12)), request);
      send();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection')));
    send();
  });
  socket.destroy();
}
