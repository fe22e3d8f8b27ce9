// Bodies of the HTTP benchmarks, made beforehand.
'use strict';

const { AccessLog } = require('./access-log');
const { OtlpLogs } = require('./otlp-logs');

const OTLP_BATCH = 512;
const STRUCT_BATCH = 500;

/** `POST /logs`: one record each. */
function single(count, seed) {
  const web = new AccessLog(seed);
  return Array.from({ length: count }, () => ({
    records: 1,
    body: Buffer.from(JSON.stringify({ record: web.next() })),
  }));
}

/** `POST /logs/struct`. */
function struct(count, seed) {
  const web = new AccessLog(seed);
  return Array.from({ length: count }, () => ({
    records: STRUCT_BATCH,
    body: Buffer.from(JSON.stringify({ records: Array.from({ length: STRUCT_BATCH }, () => web.next()) })),
  }));
}

/** ExportLogsServiceRequest in protobuf. */
function otlp(count, seed) {
  const logs = new OtlpLogs(seed);
  return Array.from({ length: count }, () => ({ records: OTLP_BATCH, body: logs.nextRequest(OTLP_BATCH) }));
}

module.exports = { single, struct, otlp };
