// The facts without which a figure means nothing.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const FSYNC_BYTES = 64 * 1024;
const FSYNC_COUNT = 21;

/** @param directory where the benchmark keeps its data; how long a write takes there is part of the facts */
function machineFacts(directory) {
  const cpus = os.cpus();
  return {
    cpu: cpus[0] === undefined ? 'unknown' : cpus[0].model,
    cores: os.availableParallelism(),
    memory_mib: Math.round(os.totalmem() / 1024 / 1024),
    node: process.version,
    kernel: `${os.type()} ${os.release()}`,
    architecture: process.arch,
    net_core_rmem_max: readNumber('/proc/sys/net/core/rmem_max'),
    ...(directory === undefined ? {} : { fsync_64k_median_ms: medianFsync(directory) }),
  };
}

function loadAverage() {
  return Number(os.loadavg()[0].toFixed(2));
}

function medianFsync(directory) {
  const file = path.join(directory, 'fsync-probe');
  const handle = fs.openSync(file, 'w');
  const times = [];
  for (let i = 0; i < FSYNC_COUNT; i++) {
    const start = performance.now();
    fs.writeSync(handle, Buffer.alloc(FSYNC_BYTES, i));
    fs.fsyncSync(handle);
    times.push(performance.now() - start);
  }
  fs.closeSync(handle);
  fs.rmSync(file);
  times.sort((a, b) => a - b);
  return Number(times[times.length >> 1].toFixed(2));
}

function readNumber(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

module.exports = { machineFacts, loadAverage };
