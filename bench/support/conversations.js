// What senders of requests have in common: some connections at once, on each one request after the other, and how long the answers took.
'use strict';

/**
 * Sends for so many seconds; each connection ends after the answer that it waits for then.
 *
 * @param requests are sent in turn; `records` of each says how many records it has
 * @param converse holds one connection. `take()` gives the next request, undefined when the time is up; `answered(request, sentAt, status)`
 *   is called for each answer, with the status undefined when the request was taken.
 */
async function hold({ requests, connections, seconds }, converse) {
  const latencies = [];
  const refused = {};
  let records = 0;
  let next = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + seconds * 1000;
  const take = () => (performance.now() < end ? requests[next++ % requests.length] : undefined);
  const answered = (request, sentAt, status) => {
    latencies.push(performance.now() - sentAt);
    if (status === undefined) records += request.records;
    else refused[status] = (refused[status] ?? 0) + 1;
  };
  await Promise.all(Array.from({ length: connections }, () => converse(take, answered)));
  const elapsed = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const quantile = (part) =>
    Number(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))].toFixed(2));
  return {
    requests: latencies.length,
    records,
    refused,
    seconds: elapsed,
    p50_ms: quantile(0.5),
    p99_ms: quantile(0.99),
    max_ms: quantile(1),
    cpu_seconds: (user + system) / 1e6,
  };
}

/** Facts about what was prepared, for the report. */
function sizes(buffers) {
  const bytes = buffers.reduce((sum, { length }) => sum + length, 0);
  return { bytes_per_body: Math.round(bytes / buffers.length) };
}

module.exports = { hold, sizes };
