// Sends syslog messages of RFC 5424, one a line, over one TCP connection as fast as the receiver takes them.
'use strict';

const { once } = require('node:events');
const net = require('node:net');
const { serve } = require('./child');
const { SyslogMessages } = require('./syslog-messages');

const CHUNK_BYTES = 256 * 1024;
/** Different messages before they repeat: several segments' worth, so that compression finds no copies. */
const DISTINCT_MESSAGES = 250_000;

/** Chunks of whole messages. */
let chunks = [];

serve({
  /** Makes what `send` sends, so many messages in all. */
  prepare({ records, seed }) {
    const messages = new SyslogMessages(seed);
    const distinct = Math.min(records, DISTINCT_MESSAGES);
    const unique = chunksOf(distinct, () => messages.next());
    chunks = [];
    let left = records;
    while (left > 0) {
      for (const chunk of unique) {
        if (left <= 0) break;
        chunks.push(chunk.records <= left ? chunk : firstLines(chunk, left));
        left -= chunk.records;
      }
    }
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.buffer.length, 0);
    return { bytes_per_message: Number((bytes / records).toFixed(1)) };
  },

  /** Sends everything, closes the connection and waits until the receiver has closed it too. */
  async send({ port }) {
    const socket = net.connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    socket.resume();
    const start = performance.timeOrigin + performance.now();
    const cpu = process.cpuUsage();
    for (const { buffer } of chunks) {
      if (!socket.write(buffer)) await once(socket, 'drain');
    }
    socket.end();
    await once(socket, 'close');
    const { user, system } = process.cpuUsage(cpu);
    return {
      start,
      seconds: (performance.timeOrigin + performance.now() - start) / 1000,
      cpu_seconds: (user + system) / 1e6,
    };
  },
});

function chunksOf(count, next) {
  const all = [];
  let lines = [];
  let bytes = 0;
  const flush = () => {
    if (lines.length > 0) all.push({ records: lines.length, buffer: Buffer.from(lines.join('')) });
    lines = [];
    bytes = 0;
  };
  for (let i = 0; i < count; i++) {
    const line = `${next()}\n`;
    lines.push(line);
    bytes += line.length;
    if (bytes >= CHUNK_BYTES) flush();
  }
  flush();
  return all;
}

function firstLines({ buffer }, count) {
  let end = 0;
  for (let i = 0; i < count; i++) end = buffer.indexOf(0x0a, end) + 1;
  return { records: count, buffer: buffer.subarray(0, end) };
}
