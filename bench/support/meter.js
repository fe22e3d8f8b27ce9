// What a server costs: CPU and memory of its process, next to what the rest of the machine did meanwhile.
'use strict';

const usage = require('./process-usage');
const { round } = require('./report');

/** Readings of a process now; the function it returns subtracts them from those of then. */
function meter(pid) {
  const threads = usage.cpuSecondsByThread(pid);
  const cpu = usage.cpuSeconds(pid);
  const foreground = usage.foregroundCpuSeconds(pid);
  const machine = usage.machineBusySeconds();
  const start = performance.now();
  return (records, senderCpuSeconds) => {
    const seconds = (performance.now() - start) / 1000;
    const used = usage.cpuSeconds(pid) - cpu;
    const others = usage.machineBusySeconds() - machine - used - senderCpuSeconds;
    return {
      server_cpu_seconds: round(used),
      server_cpu_us_per_record: round((used / records) * 1e6),
      // Without sealing and queries, which give way to the rest.
      server_foreground_us_per_record: round(((usage.foregroundCpuSeconds(pid) - foreground) / records) * 1e6),
      server_cpu_seconds_by_thread: usage.threadUsage(pid, threads),
      server_peak_rss_mib: usage.peakResidentMib(pid),
      sender_cpu_seconds: round(senderCpuSeconds),
      // Anything but the server and the sender.
      cores_busy_with_other_work: round(Math.max(0, others / seconds)),
    };
  };
}

module.exports = { meter };
