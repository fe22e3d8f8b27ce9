// Calls LogsService/Export over a few connections, one call at a time on each. It speaks HTTP/2 without a gRPC library, because
// sender and server share the machine.
'use strict';

const { once } = require('node:events');
const http2 = require('node:http2');
const { serve } = require('./child');
const { hold, sizes } = require('./conversations');
const bodies = require('./request-bodies');

const METHOD = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
/** Compressed flag and length before each message. */
const PREFIX_BYTES = 5;

/** Messages with their prefix and the number of records in each. */
let prepared = [];

serve({
  prepare({ count, seed }) {
    prepared = bodies.otlp(count, seed).map(({ body, records }) => ({ records, message: framed(body) }));
    return sizes(prepared.map(({ message }) => message));
  },

  /** Calls for so many seconds. */
  send({ port, connections, seconds }) {
    return hold({ requests: prepared, connections, seconds }, async (take, answered) => {
      const session = http2.connect(`http://127.0.0.1:${port}`);
      await once(session, 'connect');
      for (let request = take(); request !== undefined; request = take()) {
        const sentAt = performance.now();
        const status = await call(session, request.message);
        answered(request, sentAt, status === '0' ? undefined : status);
      }
      session.close();
    });
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
