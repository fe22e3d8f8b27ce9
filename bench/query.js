// How long queries take on a store of some millions of records that are sealed and merged.
//   npm run bench -- query [--records 2000000] [--repeat 5] [--calm 0]
// "cold" is the first query after the store was opened (threads, caches and compiled code are new; the operating system may
// still hold the file), "warm" the median of the repetitions after it.
'use strict';

const os = require('node:os');
const { RecordBatch } = require('../dist/record');
const { AccessLog } = require('./support/access-log');
const { Random } = require('./support/random');
const { progress, readCommandLine, report, round, untilCalm } = require('./support/report');
const { fillStore, openStore, STREAM } = require('./support/store');
const { withDirectory } = require('./support/temporary');

const SEED = 42;
const BATCH = 1000;
/** Milliseconds between two batches as they arrive. */
const BATCH_INTERVAL_MS = 50;
const HOSTS = 20;
/** Where the one record with the needle is, as a share of all records. */
const NEEDLE_AT = 0.37;
const NEEDLE = ' needle-4711 ';
const REQUEST_ID_DIGITS = 32;

const { options } = readCommandLine({ records: 2_000_000, repeat: 5, calm: 0 }, []);
/** Arrival of the first record: the last one has just arrived, as old ones would be sealed at once in small segments. */
const START = Date.now() - (options.records / BATCH) * BATCH_INTERVAL_MS;
const needleRow = Math.floor(options.records * NEEDLE_AT);
let needleRequestId = '';

function* batches() {
  const web = new AccessLog(SEED);
  const random = new Random(SEED + 1);
  for (let first = 0; first < options.records; first += BATCH) {
    const batch = new RecordBatch();
    const count = Math.min(BATCH, options.records - first);
    for (let i = 0; i < count; i++) {
      const fields = web.next();
      fields.host = `web-${random.below(HOSTS)}`;
      fields.request_id = random.hex(REQUEST_ID_DIGITS);
      if (first + i === needleRow) {
        fields.message += NEEDLE;
        needleRequestId = fields.request_id;
      }
      batch.addRecord(START + (first / BATCH) * BATCH_INTERVAL_MS, fields);
    }
    yield batch;
  }
}

/** @returns queries with the number of records that each has to find (undefined: whatever there is) */
function queries() {
  return {
    needle_by_token: { query: { filter: `message contains "${NEEDLE}"` }, expected: 1, budget_ms: 200 },
    needle_by_unique_field: { query: { filter: `request_id == "${needleRequestId}"` }, expected: 1, budget_ms: 200 },
    absent_unique_value: { query: { filter: 'request_id == "00000000000000000000000000000000"' }, expected: 0 },
    host_newest_100: { query: { filter: 'host == "web-7"', limit: 100 }, expected: 100 },
    status_and_path_newest_100: { query: { filter: 'status == "500" and path contains "/orders/"', limit: 100 } },
    newest_100: { query: { limit: 100 }, expected: 100 },
    oldest_100: { query: { limit: 100, order: 'oldest' }, expected: 100 },
    // Letters in the middle of a word: no token filter helps, every message has to be looked at.
    substring_scan: { query: { filter: 'message contains "zqxj"' }, expected: 0, scan: true },
    substring_scan_of_two: {
      query: { filter: 'message contains "zqxj" or message contains "jxqz"' },
      expected: 0,
      scan: true,
    },
    regex_scan: { query: { filter: 'message matches "zq[xy]+j [0-9]{3}"' }, expected: 0, scan: true },
    regex_newest_1000: { query: { filter: 'message matches "GET /search.q=desk.*Firefox/1[0-9]+"', limit: 1000 } },
    first_100000_one_field: {
      query: { limit: 100_000, fields: ['status'] },
      expected: Math.min(100_000, options.records),
    },
    histogram: { histogram: {}, expected: options.records, budget_ms: 300 },
    histogram_by_status: { histogram: { field: 'status' }, expected: options.records },
    histogram_of_a_host: { histogram: { filter: 'host == "web-7"' } },
    values_of_status: { values: { field: 'status' }, expected: options.records },
  };
}

/** Counts of the whole time that is stored, in so many buckets. */
const BUCKETS = 60;

/** Asks once. @returns how many records were found or counted, checked where the answer allows it */
async function ask(store, { query, histogram, values }) {
  const all = { stream: STREAM, from: 0, to: START * 2 };
  if (query !== undefined) {
    const { json, ids } = await store.query({ ...all, ...query });
    if (JSON.parse(Buffer.from(json).toString()).length !== ids.length)
      throw new Error('the answer is not what it says');
    return ids.length;
  }
  const sum = (counts) => counts.reduce((total, count) => total + count, 0);
  if (values !== undefined) {
    const answer = await store.fieldValues({ ...all, limit: 100, ...values });
    return sum(answer.values.map(({ count }) => count));
  }
  const to = START + (options.records / BATCH) * BATCH_INTERVAL_MS;
  const interval = Math.ceil((to - START) / BUCKETS);
  const { counts } = await store.histogram({ ...all, from: START, to, interval, ...histogram });
  return sum(counts);
}

async function measure(directory, question) {
  const { expected, scan, budget_ms } = question;
  const store = await openStore(directory);
  try {
    const times = [];
    const cpuTimes = [];
    let found = 0;
    for (let i = 0; i <= options.repeat; i++) {
      const cpu = process.cpuUsage();
      const start = performance.now();
      found = await ask(store, question);
      times.push(performance.now() - start);
      const { user, system } = process.cpuUsage(cpu);
      cpuTimes.push((user + system) / 1000);
    }
    if (expected !== undefined && found !== expected)
      throw new Error(`${found} instead of ${expected} records: ${JSON.stringify(question)}`);
    const [cold, ...warm] = times;
    warm.sort((a, b) => a - b);
    return {
      ...question.query,
      ...question.histogram,
      ...question.values,
      found,
      cold_ms: round(cold),
      warm_ms: round(warm[warm.length >> 1]),
      warm_best_ms: round(warm[0]),
      warm_best_cpu_ms: round(Math.min(...cpuTimes.slice(1))),
      ...(budget_ms === undefined ? {} : { budget_ms }),
      ...(scan ? { records_per_second: Math.round((options.records / warm[0]) * 1000) } : {}),
    };
  } finally {
    await store.close();
  }
}

report('query', { directory: os.tmpdir(), options }, () =>
  withDirectory(async (directory) => {
    const filled = await fillStore(directory, batches());
    progress(`filled: ${JSON.stringify(filled)}`);
    const opening = performance.now();
    await (await openStore(directory)).close();
    const results = { open_and_close_ms: round(performance.now() - opening) };
    for (const [name, query] of Object.entries(queries())) {
      await untilCalm(options.calm);
      results[name] = await measure(directory, query);
      progress(
        `${name}: cold ${results[name].cold_ms} ms, warm ${results[name].warm_ms} ms, ${results[name].found} found`,
      );
    }
    return { store: filled, results };
  }),
).then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
