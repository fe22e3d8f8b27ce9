// A web server that takes every request and counts the records in it without a look at anything else, because it shares the
// machine with the server under measurement.
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const { serve } = require('./child');
const { counter } = require('./counter');

/** In every record as http forwarders send it; quotes inside values are escaped, so that it appears nowhere else. */
const RECORD_MARK = Buffer.from('","fields":{');

const count = counter();
let requests = 0;
let bytes = 0;

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    requests++;
    bytes += body.length;
    let records = 0;
    for (let at = body.indexOf(RECORD_MARK); at >= 0; at = body.indexOf(RECORD_MARK, at + RECORD_MARK.length))
      records++;
    response.writeHead(200, ['Content-Length', '0']).end();
    count.add(records);
  });
});

serve({
  async listen() {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: server.address().port };
  },
  /** Waits for so many records since the last call. */
  async until({ records }) {
    const end = await count.until(records);
    const seen = { requests, bytes_per_record: Number((bytes / records).toFixed(1)) };
    requests = 0;
    bytes = 0;
    return { ...end, ...seen };
  },
});
