// Export requests of OTLP logs as an instrumented web service sends them.
'use strict';

const protobuf = require('protobufjs');
const { Random } = require('./random');

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

const START_NS = BigInt(Date.UTC(2026, 2, 12, 9, 0, 0)) * 1_000_000n;
/** Nanoseconds between two records on average are half of that. */
const MAX_PAUSE_NS = 4_000_000;
const METHODS = ['GET', 'GET', 'GET', 'POST', 'PUT', 'DELETE'];
const ROUTES = ['/api/v1/users/{id}', '/api/v1/orders', '/api/v1/orders/{id}/items', '/healthz', '/login'];
const STATUS = [200, 200, 201, 304, 404, 500];
const PODS = 12;

const string = (key, stringValue) => ({ key, value: { stringValue } });
const int = (key, intValue) => ({ key, value: { intValue } });

/** Makes one request after the other. */
class OtlpLogs {
  #random;
  #time = START_NS;

  constructor(seed) {
    this.#random = new Random(seed);
  }

  /** An encoded request of so many records, all of one service instance. */
  nextRequest(records) {
    const random = this.#random;
    const pod = random.below(PODS);
    const resource = {
      attributes: [
        string('service.name', 'shop'),
        string('service.version', '3.14.1'),
        string('service.instance.id', `shop-7d9f8b6c5-${pod}`),
        string('host.name', `node-${pod % 4}`),
        string('deployment.environment.name', 'production'),
      ],
    };
    const logRecords = Array.from({ length: records }, () => this.#logRecord());
    const scopeLogs = [{ scope: { name: 'shop.http', version: '2.0.0' }, logRecords }];
    return Buffer.from(Request.encode({ resourceLogs: [{ resource, scopeLogs }] }).finish());
  }

  #logRecord() {
    const random = this.#random;
    this.#time += BigInt(random.below(MAX_PAUSE_NS));
    const method = random.pick(METHODS);
    const route = random.pickSkewed(ROUTES);
    const status = random.pickSkewed(STATUS);
    const duration = random.longTail(20);
    const path = route.replace('{id}', String(random.below(100_000)));
    const failed = status >= 500;
    return {
      timeUnixNano: fixed64(this.#time),
      observedTimeUnixNano: fixed64(this.#time + BigInt(random.below(MAX_PAUSE_NS))),
      severityNumber: failed ? 17 : 9,
      severityText: failed ? 'ERROR' : 'INFO',
      body: {
        stringValue: `${method} ${path} answered with ${status} in ${duration} ms for user ${random.below(50_000)}`,
      },
      attributes: [
        string('http.request.method', method),
        string('http.route', route),
        string('url.path', path),
        int('http.response.status_code', status),
        int('http.response.body.size', random.longTail(6000)),
        string('client.address', `10.${random.below(4)}.${random.below(256)}.${random.below(256)}`),
        string('thread.name', `worker-${random.below(16)}`),
      ],
      flags: 1,
      traceId: Buffer.from(random.hex(32), 'hex'),
      spanId: Buffer.from(random.hex(16), 'hex'),
    };
  }
}

/** 64-bit integers as the encoder takes them. */
function fixed64(value) {
  return { low: Number(value & 0xffffffffn), high: Number(value >> 32n) };
}

module.exports = { OtlpLogs };
