// Summary of the profiles that `node --cpu-prof` writes, one a thread: where the time went, by function.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const TOP_FUNCTIONS = 25;
/** Threads that did less than this, in seconds, are left out. */
const MIN_BUSY_SECONDS = 0.2;

function summarizeProfiles(directory) {
  const threads = fs
    .readdirSync(directory)
    .filter((file) => file.endsWith('.cpuprofile'))
    .map((file) => summarize(path.join(directory, file)));
  return threads
    .filter(({ busy_seconds }) => busy_seconds >= MIN_BUSY_SECONDS)
    .sort((a, b) => b.busy_seconds - a.busy_seconds);
}

function summarize(file) {
  const { nodes, samples, timeDeltas } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const selfMicros = new Map();
  let idle = 0;
  let total = 0;
  samples.forEach((id, i) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    total += timeDeltas[i];
    if (functionName === '(idle)') idle += timeDeltas[i];
    if (functionName === '(idle)') return;
    const place = url === '' ? '' : ` ${url.replace(/^.*\/(dist|node_modules)\//, '$1/')}:${lineNumber + 1}`;
    const name = `${functionName || '(anonymous)'}${place}`;
    selfMicros.set(name, (selfMicros.get(name) ?? 0) + timeDeltas[i]);
  });
  const busy = total - idle;
  const top = [...selfMicros].sort((a, b) => b[1] - a[1]).slice(0, TOP_FUNCTIONS);
  return {
    thread: path.basename(file, '.cpuprofile').replace(/^CPU\.\d+\.\d+\./, ''),
    seconds: Number((total / 1e6).toFixed(2)),
    busy_seconds: Number((busy / 1e6).toFixed(2)),
    top: top.map(([name, micros]) => `${((micros / busy) * 100).toFixed(1)} % ${name}`),
  };
}

module.exports = { summarizeProfiles };
