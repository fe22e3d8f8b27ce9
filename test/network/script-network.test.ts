import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { ScriptNetwork, type ScriptNetworkOptions } from '../../dist/network';
import { compile, networkFunctions, toJson, VrlRuntimeError } from '../../dist/vrl';

/** Long enough for the slowest machine; tests of silence set their own. */
const TIMEOUT_MS = 20_000;
const EVERYWHERE = { allow: [], deny: [] };

/** Servers on a thread of their own: the test's thread stands still while a script waits. */
const SERVERS = `
const { parentPort } = require('node:worker_threads');
const { createSocket } = require('node:dgram');
const http = require('node:http');
const net = require('node:net');
let queries = 0;
const requests = [];
const u16 = (n) => [n >> 8, n & 255];
// An answer with the question copied: one A record, or none for nothing.example, or cut short for long.example.
function answerTo(query, overTcp) {
  const name = query.toString('latin1', 12);
  const empty = name.includes('nothing'), cut = name.includes('long') && !overTcp;
  const header = Buffer.from([query[0], query[1], 0x81 | (cut ? 2 : 0), 0x80 | (empty ? 3 : 0), 0, 1, ...u16(empty || cut ? 0 : 1), 0, 0, 0, 0]);
  const record = empty || cut ? [] : [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 192, 0, 2, overTcp ? 2 : 1];
  return Buffer.concat([header, query.subarray(12), Buffer.from(record)]);
}
const udp = createSocket('udp4');
udp.on('message', (query, from) => {
  queries++;
  if (query.includes('silent')) return;
  // Somebody else's answer comes first and is none.
  const forged = answerTo(query, false); forged[0] ^= 255; udp.send(forged, from.port, from.address);
  udp.send(answerTo(query, false), from.port, from.address);
});
const tcp = net.createServer((socket) => socket.on('data', (data) => {
  queries++;
  const answer = answerTo(data.subarray(2), true);
  socket.write(Buffer.from(u16(answer.length))); socket.write(answer);
}));
const web = http.createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk)).on('end', () => {
    requests.push(request.url);
    if (request.url === '/silent') return;
    if (request.url === '/moved') return response.writeHead(302, { location: '/there' }).end();
    if (request.url === '/away') return response.writeHead(302, { location: 'http://192.0.2.1/' }).end();
    if (request.url === '/large') return response.end(Buffer.alloc(1100000, 97));
    response.statusCode = request.url === '/missing' ? 404 : 200;
    response.end([request.method, request.url, request.headers['x-token'] ?? '', body].join(' '));
  });
});
tcp.listen(0, '127.0.0.1', () => udp.bind(tcp.address().port, '127.0.0.1', () => web.listen(0, '127.0.0.1', () =>
  parentPort.postMessage({ dns: tcp.address().port, web: web.address().port }))));
parentPort.on('message', () => parentPort.postMessage({ queries, requests }));
`;

let servers: Worker;
let ports: { dns: number; web: number };
let network: ScriptNetwork | undefined;

beforeAll(async () => {
  servers = new Worker(SERVERS, { eval: true });
  [ports] = (await once(servers, 'message')) as [typeof ports];
});
afterAll(() => servers.terminate());
afterEach(async () => {
  await network?.close();
  network = undefined;
});

async function seen(): Promise<{ queries: number; requests: string[] }> {
  servers.postMessage('report');
  const [report] = (await once(servers, 'message')) as [{ queries: number; requests: string[] }];
  return report;
}

/** Runs a program with DNS at the test's own server, `WEB` standing for the HTTP server. */
function runner(options: Partial<ScriptNetworkOptions> = {}): (source: string) => unknown {
  network = new ScriptNetwork({ timeoutMs: TIMEOUT_MS, policy: EVERYWHERE, ...options });
  const functions = networkFunctions(network);
  return (source) => {
    const text = source
      .replaceAll('DNS', `{ "servers": ["127.0.0.1:${ports.dns}"] }`)
      .replaceAll('WEB', `http://127.0.0.1:${ports.web}`);
    try {
      return JSON.parse(toJson(compile(text, { functions }).run({}).value)) as unknown;
    } catch (failure) {
      if (failure instanceof VrlRuntimeError) return failure.message.replace(/^.*? at \(\d+:\d+\): /, 'failed: ');
      throw failure;
    }
  };
}

test('dns_lookup gives the whole answer', () => {
  const run = runner();
  expect(run('dns_lookup!("a.example", options: DNS)')).toEqual({
    additional: [],
    answers: [{ class: 'IN', domainName: 'a.example', rData: '192.0.2.1', recordType: 'A', recordTypeId: 1, ttl: 30 }],
    authority: [],
    fullRcode: 0,
    header: expect.objectContaining({ anCount: 1, qdCount: 1, qr: true, rd: true, tc: false, rcode: 0 }),
    question: [{ class: 'IN', domainName: 'a.example', questionType: 'A', questionTypeId: 1 }],
    rcodeName: 'NOERROR',
  });
  expect(run('dns_lookup!("nothing.example", qtype: "mx", options: DNS)')).toMatchObject({ answers: [], fullRcode: 3 });
  expect(run('dns_lookup!("long.example", options: DNS).answers[0].rData')).toBe('192.0.2.2');
});

test('answers are kept for their time to live', async () => {
  let now = 0;
  const run = runner({ now: () => now });
  const before = (await seen()).queries;
  const asked = async (): Promise<number> => {
    run('dns_lookup!("kept.example", options: DNS)');
    return (await seen()).queries - before;
  };
  expect(await asked()).toBe(1);
  now = 29_999;
  expect(await asked()).toBe(1);
  now = 30_000;
  expect(await asked()).toBe(2);
});

test('who is silent is waited for once', async () => {
  let now = 0;
  const run = runner({ timeoutMs: 50, now: () => now });
  const lookup = 'dns_lookup!("silent.example", options: DNS)';
  expect(run(lookup)).toMatch(/^failed: no answer/);
  const { queries } = await seen();
  expect(run(lookup)).toMatch(/^failed: no answer/);
  expect((await seen()).queries).toBe(queries);
  now = 5001;
  run(lookup);
  // The caller may have given up before the thread had sent anything.
  for (let tries = 0; (await seen()).queries === queries; tries++) expect(tries).toBeLessThan(10_000);
  expect(run('http_request!("WEB/silent")')).toMatch(/^failed: no answer/);
});

test('http_request gives the body, whatever the status', () => {
  const run = runner();
  expect(run('http_request!("WEB/a")')).toBe('GET /a  ');
  expect(run('http_request!("WEB/b", method: "post", headers: { "X-Token": "t" }, body: "text")')).toBe(
    'POST /b t text',
  );
  expect(run('http_request!("WEB/missing")')).toBe('GET /missing  ');
  expect(run('http_request!("WEB/moved", method: "post", body: "x")')).toBe('GET /there  ');
  expect(run('http_request!("WEB/away")')).toBe('failed: the answer leads to another host, http://192.0.2.1');
  expect(run('http_request!("WEB/large")')).toBe('failed: the answer is longer than 1048576 bytes');
  expect(run('http_request!("ftp://127.0.0.1/")')).toBe('failed: cannot request ftp: URLs');
  expect(run('http_request!("nothing")')).toBe('failed: "nothing" is no URL');
});

test('the destination policy holds for requests, redirects and name servers of scripts', async () => {
  const run = runner({ policy: { allow: [], deny: ['127.0.0.0/8'] } });
  const before = await seen();
  const forbidden = 'failed: the address 127.0.0.1 is not allowed by the destination policy';
  expect(run('http_request!("WEB/secret")')).toBe(forbidden);
  expect(run('http_request!("http://192.0.2.1/", http_proxy: "WEB")')).toBe(forbidden);
  expect(run('dns_lookup!("a.example", options: DNS)')).toBe(forbidden);
  expect(await seen()).toEqual(before);
});

test('what a script asks wrongly fails without the network', () => {
  const run = runner();
  expect(run('dns_lookup!("a.example", qtype: "X")')).toBe('failed: invalid query type "X"');
  expect(run('dns_lookup!("a.example", class: "X")')).toBe('failed: invalid query class "X"');
  expect(run('dns_lookup!("a..example", options: DNS)')).toBe('failed: "a..example" is no domain name');
  expect(run('dns_lookup!("a.example", options: { "servers": ["ns.example"] })')).toMatch(/is no IP address$/);
  expect(run('dns_lookup!("a.example", options: { "tcp": 1 })')).toBe(
    'failed: option tcp: expected boolean, got integer',
  );
  expect(run('reverse_dns!("nobody")')).toBe('failed: unable to parse IP address: invalid IP address syntax');
});

test('the command reaches the network when it is allowed to', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'logweir-network-'));
  try {
    writeFileSync(join(directory, 'a.vrl'), `http_request!("http://127.0.0.1:${ports.web}/" + string!(.path))`);
    writeFileSync(join(directory, 'in.jsonl'), '{"path":"a"}\n{"path":"b"}\n');
    const command = [join(__dirname, '../../dist/cli/main.js'), 'vrl', '--program', 'a.vrl', '--input', 'in.jsonl'];
    const { stdout } = await promisify(execFile)(process.execPath, [...command, '--allow-network'], { cwd: directory });
    expect(stdout).toBe('"GET /a  "\n"GET /b  "\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
