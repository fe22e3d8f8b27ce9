// Decoding of OTLP logs requests: records per second of one core, protobuf and JSON, batches of 512.
// Run: npx tsc -p tsconfig.json && node bench/otlp-decode.js
const os = require('node:os');
const protobuf = require('protobufjs');
const { RecordBatch } = require('../dist/record');
const otlp = require('../dist/otlp');

const RECORDS_PER_BATCH = 512;
/** Different batches in turn, so that no single one sits in the processor's caches. */
const BATCHES = 16;
const WARM_UP_MS = 1000;
const MEASURE_MS = 3000;
const ROUNDS = 4;

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceLogs resourceLogs = 1; }
  message ResourceLogs { Attributes resource = 1; repeated ScopeLogs scopeLogs = 2; }
  message Attributes { repeated KeyValue attributes = 1; }
  message ScopeLogs { Scope scope = 1; repeated LogRecord logRecords = 2; }
  message Scope { string name = 1; string version = 2; }
  message LogRecord {
    fixed64 timeUnixNano = 1; int32 severityNumber = 2; string severityText = 3; AnyValue body = 5;
    repeated KeyValue attributes = 6; fixed32 flags = 8; bytes traceId = 9; bytes spanId = 10;
    fixed64 observedTimeUnixNano = 11;
  }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string stringValue = 1; bool boolValue = 2; int64 intValue = 3; double doubleValue = 4; } }
`);
const Request = root.lookupType('Request');

const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'];
const ROUTES = ['/api/v1/users/{id}', '/api/v1/orders', '/api/v1/orders/{id}/items', '/healthz', '/login'];
const STATUS = [200, 200, 200, 201, 304, 404, 500];

// A fixed sequence instead of Math.random: every run measures the same records.
let seed = 42;
function random(below) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed % below;
}
const pick = (list) => list[random(list.length)];
const hex = (digits) => Array.from({ length: digits }, () => random(4096).toString(16).slice(-1)).join('');
const string = (key, stringValue) => ({ key, value: { stringValue } });
const int = (key, intValue) => ({ key, value: { intValue: String(intValue) } });

function logRecord(index) {
  const time = 1_760_000_000_000_000_000n + BigInt(index) * 1_234_567n;
  const method = pick(METHODS);
  const route = pick(ROUTES);
  const status = pick(STATUS);
  return {
    timeUnixNano: String(time),
    observedTimeUnixNano: String(time + 1_503_211n),
    severityNumber: status >= 500 ? 17 : 9,
    severityText: status >= 500 ? 'ERROR' : 'INFO',
    body: {
      stringValue: `${method} ${route} answered with ${status} in ${random(2000)} ms for user ${random(100000)}`,
    },
    attributes: [
      string('http.request.method', method),
      string('http.route', route),
      string('url.path', route.replace('{id}', String(random(100000)))),
      int('http.response.status_code', status),
      int('http.response.body.size', random(60000)),
      string('client.address', `10.${random(4)}.${random(256)}.${random(256)}`),
      string('user_agent.original', `Mozilla/5.0 (X11; Linux x86_64; rv:${100 + random(30)}.0) Gecko/20100101 Firefox`),
      string('thread.name', `http-worker-${random(16)}`),
      { key: 'http.cached', value: { boolValue: random(2) === 1 } },
      { key: 'duration_ms', value: { doubleValue: random(2_000_000) / 1000 } },
    ],
    flags: 1,
    traceId: hex(32),
    spanId: hex(16),
  };
}

function request(batch) {
  return {
    resourceLogs: [
      {
        resource: {
          attributes: [
            string('service.name', 'checkout'),
            string('service.version', '2.14.0'),
            string('service.instance.id', '6f1c9c1e-6a0b-4b43-9b5c-0f5f2f7a51d7'),
            string('host.name', 'node-17.example.net'),
            string('deployment.environment.name', 'production'),
          ],
        },
        scopeLogs: [
          {
            scope: { name: 'com.example.http', version: '1.4.2' },
            logRecords: Array.from({ length: RECORDS_PER_BATCH }, (_, i) => logRecord(batch * RECORDS_PER_BATCH + i)),
          },
        ],
      },
    ],
  };
}

function toProtobuf(message) {
  const bytes = (id) => Buffer.from(id, 'hex');
  const [{ resource, scopeLogs }] = message.resourceLogs;
  const [{ scope, logRecords }] = scopeLogs;
  const records = logRecords.map((r) => ({ ...r, traceId: bytes(r.traceId), spanId: bytes(r.spanId) }));
  const copy = { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: records }] }] };
  return Buffer.from(Request.encode(Request.fromObject(copy)).finish());
}

function run(decode, inputs, milliseconds) {
  const cpuStart = process.cpuUsage();
  const start = process.hrtime.bigint();
  const end = start + BigInt(milliseconds) * 1_000_000n;
  let records = 0;
  for (let i = 0; process.hrtime.bigint() < end; i++) {
    const batch = new RecordBatch();
    records += decode(inputs[i % inputs.length], 1_760_000_000_000, batch).records;
  }
  const { user, system } = process.cpuUsage(cpuStart);
  return {
    perSecond: (records * 1e9) / Number(process.hrtime.bigint() - start),
    // What it would be if nothing else ran; garbage collection on other threads counts against it.
    perCpuSecond: (records * 1e6) / (user + system),
  };
}

function measure(decode, inputs) {
  run(decode, inputs, WARM_UP_MS);
  const rounds = Array.from({ length: ROUNDS }, () => run(decode, inputs, MEASURE_MS));
  const best = Math.max(...rounds.map((round) => round.perSecond));
  const bytes = inputs.reduce((sum, input) => sum + input.length, 0);
  const bytesPerRecord = bytes / (inputs.length * RECORDS_PER_BATCH);
  return {
    recordsPerSecond: Math.round(best),
    recordsPerCpuSecond: Math.round(Math.max(...rounds.map((round) => round.perCpuSecond))),
    microsecondsPerRecord: Number((1e6 / best).toFixed(2)),
    bytesPerRecord: Math.round(bytesPerRecord),
    megabytesPerSecond: Math.round((best * bytesPerRecord) / 1e6),
  };
}

const messages = Array.from({ length: BATCHES }, (_, i) => request(i));
const result = {
  benchmark: 'otlp-decode',
  machine: { cpu: os.cpus()[0].model, cores: os.cpus().length, node: process.version, load: os.loadavg()[0] },
  recordsPerBatch: RECORDS_PER_BATCH,
  attributesPerRecord: 10,
  resourceAttributes: 5,
  protobuf: measure(otlp.decodeLogsProtobuf, messages.map(toProtobuf)),
  json: measure(
    otlp.decodeLogsJson,
    messages.map((message) => Buffer.from(JSON.stringify(message))),
  ),
};
console.log(JSON.stringify(result, null, 2));
