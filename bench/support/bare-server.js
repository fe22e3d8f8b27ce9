// What node:http alone can do: reads a body, parses it as JSON, answers as the ingest route does.
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const { serve } = require('./child');

const ANSWER = '{"success":true,"processed_count":1}';
const HEADERS = ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(ANSWER.length)];

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const { record } = JSON.parse(body.toString());
    response.writeHead(typeof record === 'object' ? 200 : 400, HEADERS).end(ANSWER);
  });
});

serve({
  async listen() {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { port: server.address().port };
  },
});
