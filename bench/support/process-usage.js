// What a process has used so far, from /proc: the benchmarks of servers run on Linux.
'use strict';

const fs = require('node:fs');

/** USER_HZ, the same on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of CPU, user and system, of a process or thread whose stat file is given. */
function cpuSecondsOf(statFile) {
  const stat = fs.readFileSync(statFile, 'utf8');
  // The command may hold spaces and parentheses; the fields after its last parenthesis are numbered from 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

const cpuSeconds = (pid) => cpuSecondsOf(`/proc/${pid}/stat`);

/** Seconds of CPU of each thread, the main thread under the key of the process. */
function cpuSecondsByThread(pid) {
  const threads = new Map();
  for (const thread of fs.readdirSync(`/proc/${pid}/task`)) {
    try {
      threads.set(Number(thread), cpuSecondsOf(`/proc/${pid}/task/${thread}/stat`));
    } catch {
      // It has ended.
    }
  }
  return threads;
}

/** Seconds of CPU of the threads that take records in and write them: those that give way to them left out (see thread-priority). */
function foregroundCpuSeconds(pid) {
  let sum = 0;
  for (const thread of fs.readdirSync(`/proc/${pid}/task`)) {
    try {
      const file = `/proc/${pid}/task/${thread}/stat`;
      if (niceOf(file) <= 0) sum += cpuSecondsOf(file);
    } catch {
      // It has ended.
    }
  }
  return sum;
}

/** Field 19 of proc(5). */
function niceOf(statFile) {
  const stat = fs.readFileSync(statFile, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
}

/** Seconds of CPU since an earlier reading: of the main thread, and of the busiest others in descending order. */
function threadUsage(pid, before) {
  const after = cpuSecondsByThread(pid);
  const used = (thread) => Number(((after.get(thread) ?? 0) - (before.get(thread) ?? 0)).toFixed(2));
  const others = [...after.keys()].filter((thread) => thread !== pid).map(used);
  return { main: used(pid), others: others.filter((seconds) => seconds >= 0.05).sort((a, b) => b - a) };
}

/** Most memory that was resident so far, MiB. */
function peakResidentMib(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024);
}

/** Seconds of CPU that all processes of the machine used so far, waiting and idling left out. */
function machineBusySeconds() {
  const [, user, nice, system, , , irq, softIrq, steal] = fs
    .readFileSync('/proc/stat', 'utf8')
    .split('\n')[0]
    .split(/\s+/)
    .map(Number);
  return (user + nice + system + irq + softIrq + (steal ?? 0)) / TICKS_PER_SECOND;
}

module.exports = {
  machineBusySeconds,
  cpuSeconds,
  foregroundCpuSeconds,
  cpuSecondsByThread,
  threadUsage,
  peakResidentMib,
};
