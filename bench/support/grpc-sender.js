// Calls LogsService/Export over a few connections, one call at a time on each. It speaks HTTP/2 without a gRPC library, because
// sender and server share the machine.
'use strict';

const { once } = require('node:events');
const http2 = require('node:http2');
const { serve } = require('./child');
const bodies = require('./request-bodies');

const METHOD = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
/** Compressed flag and length before each message. */
const PREFIX_BYTES = 5;

/** Messages with their prefix and the number of records in each. */
let prepared = [];

serve({
  prepare({ count, seed }) {
    prepared = bodies.otlp(count, seed).map(({ body, records }) => ({ records, message: framed(body) }));
    const bytes = prepared.reduce((sum, { message }) => sum + message.length, 0);
    return { bytes_per_body: Math.round(bytes / prepared.length) };
  },

  /** Calls for so many seconds. */
  async send({ port, connections, seconds }) {
    const latencies = [];
    let records = 0;
    const refused = {};
    const cpu = process.cpuUsage();
    const start = performance.now();
    const end = start + seconds * 1000;
    let next = 0;
    const converse = async () => {
      const session = http2.connect(`http://127.0.0.1:${port}`);
      await once(session, 'connect');
      while (performance.now() < end) {
        const { message, records: sent } = prepared[next++ % prepared.length];
        const sentAt = performance.now();
        const status = await call(session, message);
        latencies.push(performance.now() - sentAt);
        if (status === '0') records += sent;
        else refused[status] = (refused[status] ?? 0) + 1;
      }
      session.close();
    };
    await Promise.all(Array.from({ length: connections }, converse));
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

/** @returns the status of the call, `0` for success */
function call(session, message) {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': METHOD,
      'content-type': 'application/grpc+proto',
      te: 'trailers',
    });
    let status;
    const read = (headers) => (status = headers['grpc-status'] ?? status);
    stream.on('response', read);
    stream.on('trailers', read);
    stream.on('error', reject);
    stream.on('end', () => resolve(status));
    stream.resume();
    stream.end(message);
  });
}

function framed(body) {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(body.length, 1);
  return Buffer.concat([prefix, body]);
}
