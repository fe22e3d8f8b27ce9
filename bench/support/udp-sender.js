// Sends syslog messages of RFC 5424 over UDP at a steady rate.
'use strict';

const dgram = require('node:dgram');
const { once } = require('node:events');
const os = require('node:os');
const { setTimeout: sleep } = require('node:timers/promises');
const { serve } = require('./child');
const { SyslogMessages } = require('./syslog-messages');

const DISTINCT_MESSAGES = 100_000;
/**
 * Most milliseconds' worth of datagrams in one burst. A sender that lost the processor for longer does not make up for it:
 * its datagrams are spread over the bursts that follow, or missing from the rate, which is reported as it was.
 */
const MAX_BURST_MS = 4;

/** The network does not wait for the receiver's processor: neither does this sender, where the system allows it. */
const PRIORITY = -15;

let messages = [];

serve({
  prepare({ seed }) {
    const maker = new SyslogMessages(seed);
    messages = Array.from({ length: DISTINCT_MESSAGES }, () => Buffer.from(maker.next()));
    return {};
  },

  /** @param rate datagrams a second */
  async send({ port, rate, seconds }) {
    try {
      os.setPriority(PRIORITY);
    } catch {
      // Not as root: the rate that was reached tells.
    }
    const socket = dgram.createSocket('udp4');
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const perMs = rate / 1000;
    const total = rate * seconds;
    const maxBurst = Math.ceil(perMs * MAX_BURST_MS);
    const cpu = process.cpuUsage();
    const start = performance.now();
    let sent = 0;
    let longestBurst = 0;
    let failed = 0;
    socket.on('error', () => failed++);
    while (sent < total) {
      await sleep(1);
      const due = Math.min(total, Math.floor((performance.now() - start) * perMs));
      const burst = Math.min(due - sent, maxBurst);
      if (burst > longestBurst) longestBurst = burst;
      for (let i = 0; i < burst; i++) socket.send(messages[(sent + i) % DISTINCT_MESSAGES]);
      sent += burst;
    }
    while (socket.getSendQueueCount() > 0) await sleep(1);
    const elapsed = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    socket.close();
    return {
      sent: sent - failed,
      failed,
      seconds: elapsed,
      rate: Math.round(sent / elapsed),
      longest_burst: longestBurst,
      cpu_seconds: (user + system) / 1e6,
    };
  },
});
