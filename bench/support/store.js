// The log store by itself, without a server around it, with the settings that the server gives it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { setImmediate: turn, setTimeout: sleep } = require('node:timers/promises');
const Database = require('better-sqlite3');
const { SqliteLogStore } = require('../../dist/storage/logs');

const STREAM = 'bench';
const MAX_PENDING_BYTES = 64 * 1024 * 1024;
const SEGMENT_RECORDS = 65_536;
/** While a store is filled its records are sealed for their number alone, however long filling takes. */
const FILL_AGE_MS = 24 * 3_600_000;
/** Afterwards what is left is sealed at once. */
const SETTLE_AGE_MS = 100;
const QUERY_WORKERS = 2;
const QUERY_TIMEOUT_MS = 600_000;
/** The store counts as settled when its size has not changed and its threads have idled for so long. */
const QUIET_MS = 3_000;
const IDLE_CORES = 0.1;

function openStore(directory, maxJournalAgeMs = FILL_AGE_MS) {
  return SqliteLogStore.open({
    directory,
    maxPendingBytes: MAX_PENDING_BYTES,
    sealer: { maxJournalAgeMs, maxSegmentRecords: SEGMENT_RECORDS },
    queryWorkers: QUERY_WORKERS,
    queryTimeoutMs: QUERY_TIMEOUT_MS,
    onWarning: (message) => console.error(`# store: ${message}`),
  });
}

/**
 * Fills a new store and waits until everything is sealed and merged.
 * @param batches yields RecordBatch after RecordBatch
 */
async function fillStore(directory, batches) {
  const start = performance.now();
  let store = await openStore(directory);
  let records = 0;
  let last;
  for (const batch of batches) {
    records += batch.length;
    last = store.append(STREAM, batch);
    if (store.saturated) await new Promise((resolve) => store.onDrain(resolve));
    else await turn();
  }
  await last;
  const appended = performance.now();
  await store.close();
  store = await openStore(directory, SETTLE_AGE_MS);
  await settled(store);
  const end = performance.now();
  const usage = await store.usage(STREAM);
  await store.close();
  if (usage.records !== records) throw new Error(`${records} records were appended, ${usage.records} are stored`);
  return {
    records,
    stored_bytes: usage.bytes,
    file_bytes: fs.statSync(path.join(directory, 'logs.db')).size,
    append_seconds: (appended - start) / 1000,
    seal_and_merge_seconds: (end - appended) / 1000,
  };
}

/** Where the bytes of a settled store are: a record's share of each column, its parts apart, and of pages that are free again. */
function breakdown(directory, records) {
  const database = new Database(path.join(directory, 'logs.db'), { readonly: true });
  try {
    const share = (bytes) => Number((bytes / records).toFixed(2));
    const columns = database
      .prepare(
        `select name, sum(length(dictionary)) as dictionary, sum(length(filter)) as filter, sum(length(data)) as data,
           sum(coalesce(length(dictionary), 0) + coalesce(length(filter), 0) + coalesce(length(data), 0)) as total
         from segment_columns group by name order by total desc`,
      )
      .all();
    const rowIndex = database
      .prepare('select sum(length(row_index)) as bytes, count(*) as segments from segments')
      .get();
    const freeBytes =
      database.pragma('freelist_count', { simple: true }) * database.pragma('page_size', { simple: true });
    return {
      segments: rowIndex.segments,
      free_pages: share(freeBytes),
      row_index: share(rowIndex.bytes),
      ...Object.fromEntries(
        columns.map(({ name, dictionary, filter, data, total }) => [
          name,
          { total: share(total), dictionary: share(dictionary), filter: share(filter), data: share(data) },
        ]),
      ),
    };
  } finally {
    database.close();
  }
}

async function settled(store) {
  let bytes = -1;
  let since = performance.now();
  while (performance.now() - since < QUIET_MS) {
    const cpu = process.cpuUsage();
    const before = performance.now();
    await sleep(500);
    const { user, system } = process.cpuUsage(cpu);
    const cores = (user + system) / 1000 / (performance.now() - before);
    const usage = await store.usage(STREAM);
    const busy = cores > IDLE_CORES || store.status().journalRecords > 0;
    if (busy || usage.bytes !== bytes) since = performance.now();
    bytes = usage.bytes;
  }
}

module.exports = { STREAM, openStore, fillStore, breakdown };
