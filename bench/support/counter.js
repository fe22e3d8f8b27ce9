// Counts what a receiver gets, and tells when it was enough.
'use strict';

/** How long nothing may arrive before a measurement is given up. */
const STALL_TIMEOUT_MS = 60_000;

function counter() {
  let count = 0;
  let last = 0;
  let wanted;
  return {
    add(more) {
      count += more;
      last = performance.timeOrigin + performance.now();
      if (wanted !== undefined && count >= wanted.records) wanted.enough();
    },
    /** When the last of so many came, in milliseconds since 1970, and the CPU that this process used so far; counts from 0 then. */
    async until(records) {
      let before = -1;
      while (count < records) {
        if (count === before) throw new Error(`only ${count} of ${records} records arrived`);
        before = count;
        await new Promise((resolve) => {
          const timer = setTimeout(resolve, STALL_TIMEOUT_MS);
          wanted = { records, enough: () => (clearTimeout(timer), resolve()) };
        });
        wanted = undefined;
      }
      const surplus = count - records;
      count = 0;
      const { user, system } = process.cpuUsage();
      return { end: last, surplus, cpu_seconds: (user + system) / 1e6 };
    },
  };
}

module.exports = { counter };
