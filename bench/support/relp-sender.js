// Sends syslog messages of RFC 5424 over one RELP session, with some thousand on their way at once.
'use strict';

const { once } = require('node:events');
const net = require('node:net');
const { serve } = require('./child');
const { SyslogMessages } = require('./syslog-messages');

/** Messages that go out together. */
const CHUNK_RECORDS = 512;
/** Messages that wait for their acknowledgement. */
const WINDOW_RECORDS = 4096;
/** Different messages before they, and their transaction numbers, repeat. */
const DISTINCT_MESSAGES = 250_000;
const LINE_FEED = 0x0a;

let chunks = [];

serve({
  prepare({ records, seed }) {
    const messages = new SyslogMessages(seed);
    chunks = [];
    // The session's first transaction is the one that opens it.
    for (let made = 0; made < Math.min(records, DISTINCT_MESSAGES); made += CHUNK_RECORDS) {
      const frames = Array.from({ length: Math.min(CHUNK_RECORDS, records - made) }, (_, i) => {
        const message = messages.next();
        return `${made + i + 2} syslog ${Buffer.byteLength(message)} ${message}\n`;
      });
      chunks.push(frames);
    }
    return {};
  },

  /** Sends so many messages and waits until all are acknowledged. */
  async send({ port, records }) {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    const offers = 'relp_version=1\nrelp_software=bench\ncommands=syslog';
    socket.write(`1 open ${offers.length} ${offers}\n`);
    const [opened] = await once(socket, 'data');
    if (!opened.toString().startsWith('1 rsp ')) throw new Error(`not opened: ${opened.toString()}`);
    const start = performance.timeOrigin + performance.now();
    const cpu = process.cpuUsage();
    let sent = 0;
    let acknowledged = 0;
    let next = 0;
    await new Promise((resolve, reject) => {
      const fill = () => {
        while (sent < records && sent - acknowledged < WINDOW_RECORDS) {
          const frames = chunks[next++ % chunks.length].slice(0, records - sent);
          sent += frames.length;
          socket.write(frames.join(''));
        }
      };
      socket.on('data', (chunk) => {
        for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) acknowledged++;
        if (acknowledged >= records) resolve();
        else fill();
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed the session')));
      fill();
    });
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.timeOrigin + performance.now() - start) / 1000;
    socket.removeAllListeners('close').destroy();
    return { start, seconds, cpu_seconds: (user + system) / 1e6 };
  },
});
