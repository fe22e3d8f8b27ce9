// Messages of RFC 5424 as a small fleet of servers sends them, about 250 bytes each.
'use strict';

const { AccessLog } = require('./access-log');
const { Random } = require('./random');

const HOSTS = 40;
const START = Date.UTC(2026, 2, 12, 9, 0, 0);
/** Microseconds between two messages on average are half of that: about 2 000 a second. */
const MAX_PAUSE_US = 1000;
const SHOP_EVENTS = [
  'order placed',
  'payment authorised',
  'payment declined',
  'cart changed',
  'stock reserved',
  'mail queued',
];
const UNITS = ['logrotate.service', 'apt-daily.timer', 'certbot.service', 'user@1000.service', 'docker.service'];
const LEVELS = ['info', 'info', 'info', 'debug', 'warn', 'error'];

const PROGRAMS = [
  { name: 'nginx', facility: 23, text: (random, web) => web.next().message },
  {
    name: 'shop-api',
    facility: 16,
    text: (random) =>
      `level=${random.pick(LEVELS)} msg="${random.pick(SHOP_EVENTS)}" request_id=${random.hex(32)} user=${random.below(50_000)} ` +
      `order=${random.below(1_000_000)} amount=${random.longTail(40)}.${10 + random.below(90)} duration_ms=${random.longTail(30)} region=eu-${1 + random.below(3)}`,
  },
  {
    name: 'postgres',
    facility: 16,
    text: (random) =>
      `[${1 + random.below(9)}-1] user=shop,db=shop,app=api LOG:  duration: ${random.longTail(20)}.${100 + random.below(900)} ms  ` +
      `execute s${random.below(40)}: SELECT id, name, price FROM products WHERE id = ${random.below(20_000)} AND region = 'eu-${1 + random.below(3)}'`,
  },
  {
    name: 'sshd',
    facility: 4,
    text: (random) =>
      `Failed password for invalid user ${random.pick(['admin', 'test', 'oracle', 'ubuntu', 'git'])} from ` +
      `${1 + random.below(223)}.${random.below(256)}.${random.below(256)}.${random.below(256)} port ${1024 + random.below(64_000)} ssh2`,
  },
  {
    name: 'systemd',
    facility: 3,
    text: (random) =>
      `${random.pick(UNITS)}: Consumed ${random.longTail(3)}.${100 + random.below(900)}s CPU time, ${random.longTail(30)}M memory peak.`,
  },
];

/** Makes one message after the other. */
class SyslogMessages {
  #random;
  #web;
  #micros = 0;

  constructor(seed) {
    this.#random = new Random(seed);
    this.#web = new AccessLog(seed + 1);
  }

  /** The next message, without framing. */
  next() {
    const random = this.#random;
    this.#micros += random.below(MAX_PAUSE_US);
    const time = new Date(START + Math.floor(this.#micros / 1000)).toISOString().slice(0, -1);
    const program = random.pickSkewed(PROGRAMS);
    const priority = program.facility * 8 + random.pick([6, 6, 6, 5, 4, 3]);
    const data = program.name === 'shop-api' ? `[origin software="shop" swVersion="3.${random.below(4)}.1"]` : '-';
    const stamp = `${time}${String(this.#micros % 1000).padStart(3, '0')}Z`;
    const host = `${program.name === 'postgres' ? 'db' : 'web'}-${random.below(HOSTS)}.example.com`;
    return `<${priority}>1 ${stamp} ${host} ${program.name} ${1000 + random.below(40)} - ${data} ${program.text(random, this.#web)}`;
  }
}

module.exports = { SyslogMessages };
