// Bytes that a stored record takes once it is sealed and merged, next to gzip -6 of the same records as NDJSON.
//   npm run bench -- stored-bytes [access_log syslog otlp] [--records 262144]
'use strict';

const os = require('node:os');
const { once } = require('node:events');
const { createGzip } = require('node:zlib');
const { decodeLogsProtobuf } = require('../dist/otlp');
const { RecordBatch } = require('../dist/record');
const { SyslogBatchBuilder, SyslogFramer, SyslogSender } = require('../dist/syslog');
const { AccessLog } = require('./support/access-log');
const { OtlpLogs } = require('./support/otlp-logs');
const { progress, readCommandLine, report, round } = require('./support/report');
const { breakdown, fillStore } = require('./support/store');
const { withDirectory } = require('./support/temporary');
const { SyslogMessages } = require('./support/syslog-messages');

const SEED = 42;
const BATCH = 512;
const GZIP_LEVEL = 6;
/** The design's budget for the access log, as a share of gzip. */
const BUDGET_SHARE = 0.8;
/** Milliseconds between two batches as they arrive: some 5 000 records a second. */
const BATCH_INTERVAL_MS = 100;

const defaults = { records: 262_144 };
const MAKERS = { access_log: accessLog, syslog, otlp };
const { cases, options } = readCommandLine(defaults, Object.keys(MAKERS));

/** Arrival of the first record: the last one has just arrived, as old ones would be sealed at once in small segments. */
const START = Date.now() - Math.ceil(options.records / BATCH) * BATCH_INTERVAL_MS;

/** Lines of about 250 bytes with the eight fields parsed from them. */
function accessLog() {
  const web = new AccessLog(SEED);
  return (arrival) =>
    RecordBatch.from(Array.from({ length: BATCH }, () => ({ timestamp: arrival, fields: web.next() })));
}

/** RFC 5424 as the syslog input stores it. */
function syslog() {
  const messages = new SyslogMessages(SEED);
  const sender = new SyslogSender('192.0.2.7:40312');
  const framer = new SyslogFramer();
  return (arrival) => {
    const builder = new SyslogBatchBuilder();
    framer.push(Buffer.from(Array.from({ length: BATCH }, () => `${messages.next()}\n`).join('')));
    while (framer.next()) builder.add(framer, arrival, sender);
    return builder.take();
  };
}

/** Records of OTLP as the OTLP input stores them. */
function otlp() {
  const logs = new OtlpLogs(SEED);
  return (arrival) => {
    const batch = new RecordBatch();
    decodeLogsProtobuf(logs.nextRequest(BATCH), arrival, batch);
    return batch;
  };
}

function* batchesOf(next) {
  for (let i = 0; i * BATCH < options.records; i++) yield next(START + i * BATCH_INTERVAL_MS);
}

async function ndjsonBytes(batches) {
  const gzip = createGzip({ level: GZIP_LEVEL });
  let plain = 0;
  let packed = 0;
  gzip.on('data', (chunk) => (packed += chunk.length));
  const ended = once(gzip, 'end');
  for (const batch of batches) {
    let text = '';
    for (const { timestamp, fields } of batch.records()) {
      text += `${JSON.stringify({ timestamp: new Date(timestamp).toISOString(), fields })}\n`;
    }
    plain += Buffer.byteLength(text);
    if (!gzip.write(text)) await once(gzip, 'drain');
  }
  gzip.end();
  await ended;
  return { plain, packed };
}

async function measure(maker) {
  const { plain, packed } = await ndjsonBytes(batchesOf(maker()));
  return withDirectory(async (directory) => {
    const { records, stored_bytes, file_bytes } = await fillStore(directory, batchesOf(maker()));
    const example = maker()(START).record(0);
    return {
      records,
      ndjson_bytes_per_record: round(plain / records, 1),
      gzip6_bytes_per_record: round(packed / records),
      stored_bytes_per_record: round(stored_bytes / records),
      database_file_bytes_per_record: round(file_bytes / records),
      stored_to_gzip6: round(stored_bytes / packed, 3),
      file_to_gzip6: round(file_bytes / packed, 3),
      budget: `at most ${BUDGET_SHARE} of gzip -6 (for access_log)`,
      bytes_per_record_by_part: breakdown(directory, records),
      example,
    };
  });
}

report('stored-bytes', { directory: os.tmpdir(), options }, async () => {
  const results = {};
  for (const name of cases) {
    results[name] = await measure(MAKERS[name]);
    progress(`${name}: ${results[name].stored_bytes_per_record} bytes, ${results[name].stored_to_gzip6} of gzip -6`);
  }
  return { results };
}).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
