// Takes syslog over TCP and counts the messages, which end with a line feed.
'use strict';

const { once } = require('node:events');
const net = require('node:net');
const { serve } = require('./child');
const { counter } = require('./counter');

const LINE_FEED = 0x0a;

const count = counter();
let bytes = 0;

const server = net.createServer((socket) => {
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    let messages = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) messages++;
    count.add(messages);
  });
  socket.on('error', () => undefined);
});

serve({
  async listen() {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: server.address().port };
  },
  /** Waits for so many messages since the last call. */
  async until({ records }) {
    const end = await count.until(records);
    const seen = { bytes_per_record: Number((bytes / records).toFixed(1)) };
    bytes = 0;
    return { ...end, ...seen };
  },
});
