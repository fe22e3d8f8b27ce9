// Sends HTTP requests over a few connections, one at a time on each, and measures how long the answers take. Requests are
// made beforehand and answers are only looked at as far as needed, because sender and server share the machine.
'use strict';

const { once } = require('node:events');
const net = require('node:net');
const zlib = require('node:zlib');
const { serve } = require('./child');
const { hold, sizes } = require('./conversations');
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
    return sizes(prepared.map(({ body }) => body));
  },

  /** Sends for so many seconds; each connection ends after the answer that it waits for then. */
  send({ port, path, headers, connections, seconds }) {
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
    return hold({ requests, connections, seconds }, (take, answered) => converse(port, take, answered));
  },
});

/** One connection: the next request goes out when the answer to the last one is complete. */
async function converse(port, take, answered) {
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
      const status = Number(received.slice(9, 12));
      answered(request, sentAt, status === 200 ? undefined : status);
      send();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection')));
    send();
  });
  socket.destroy();
}
