// Speed of src/syslog on this machine: node bench/syslog-parse.js (after a build). Prints JSON; times are CPU nanoseconds
// of this process for one message, the best of many rounds, so that other load on the machine disturbs them little.
const os = require('node:os');
const path = require('node:path');
const { SyslogBatchBuilder, SyslogFramer, SyslogSender, parse } = require(path.join(__dirname, '..', 'dist', 'syslog'));

const CHUNK_BYTES = 65_536;
const BATCH_RECORDS = 4_096;
const WARM_UP_ROUNDS = 40;
const ROUNDS = 60;

const HOSTS = 24;
const APPLICATIONS = ['nginx', 'sshd', 'postfix/smtpd', 'kernel', 'haproxy', 'checkout-service'];
const TEXT =
  'GET /index.html?id=4711 HTTP/1.1 200 5123 "-" "Mozilla/5.0 (X11; Linux x86_64)" upstream 10.0.0.17:8080 0.012';

function messages(make) {
  return Array.from({ length: BATCH_RECORDS }, (_, i) => make(i));
}

const micros = (i) => String(100_000 + ((i * 7919) % 900_000));
const host = (i) => `web-${10 + ((i * 7) % HOSTS)}.example.com`;
const application = (i) => APPLICATIONS[(i * 5) % APPLICATIONS.length];
const pid = (i) => 1000 + ((i * 13) % 400);

const KINDS = {
  rfc5424_with_sd: messages(
    (i) =>
      `<${160 + (i % 8)}>1 2024-10-11T22:14:${10 + ((i >> 7) % 50)}.${micros(i)}Z ${host(i)} ${application(i)} ${pid(i)} ID${i % 40} ` +
      `[exampleSDID@32473 iut="3" eventSource="Application" eventID="${1000 + (i % 500)}"] ${TEXT} ${i}`,
  ),
  rfc5424_without_sd: messages(
    (i) =>
      `<${160 + (i % 8)}>1 2024-10-11T22:14:${10 + ((i >> 7) % 50)}.${micros(i)}Z ${host(i)} ${application(i)} ${pid(i)} - - ${TEXT} ${i}`,
  ),
  rfc3164: messages(
    (i) =>
      `<${32 + (i % 8)}>Oct 11 22:14:${10 + ((i >> 7) % 50)} ${host(i)} ${application(i)}[${pid(i)}]: ${TEXT} ${i}`,
  ),
  cisco_ios: messages(
    (i) =>
      `<189>${i}: *Oct 11 22:14:${10 + ((i >> 7) % 50)}.${micros(i).slice(3)} UTC: %LINK-3-UPDOWN: Interface Gi0/${i % 48}, changed state to up`,
  ),
  rfc5424_utf8: messages(
    (i) =>
      `<165>1 2024-10-11T22:14:15.${micros(i)}Z ${host(i)} ${application(i)} ${pid(i)} - - Größe geändert: ${TEXT} ${i}`,
  ),
};

/** CPU nanoseconds per message of the best round. */
function measure(round) {
  for (let i = 0; i < WARM_UP_ROUNDS; i++) round();
  let best = Infinity;
  for (let i = 0; i < ROUNDS; i++) {
    const before = process.cpuUsage();
    const count = round();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1000) / count);
  }
  return Math.round(best);
}

function chunksOf(stream) {
  const chunks = [];
  for (let from = 0; from < stream.length; from += CHUNK_BYTES) chunks.push(stream.subarray(from, from + CHUNK_BYTES));
  return chunks;
}

const arrival = Date.UTC(2024, 9, 11, 22, 14, 20);
const sender = new SyslogSender('192.0.2.7:40312');
const results = {};

for (const [kind, texts] of Object.entries(KINDS)) {
  const lines = chunksOf(Buffer.from(texts.map((text) => `${text}\n`).join('')));
  const counted = chunksOf(Buffer.from(texts.map((text) => `${Buffer.byteLength(text)} ${text}`).join('')));
  const single = texts.map((text) => Buffer.from(text));
  const framer = new SyslogFramer();
  const builder = new SyslogBatchBuilder();

  const frame = (chunks) => () => {
    let count = 0;
    for (const chunk of chunks) {
      framer.push(chunk);
      while (framer.next()) count++;
    }
    return count;
  };
  const frameAndParse = (chunks) => () => {
    for (const chunk of chunks) {
      framer.push(chunk);
      while (framer.next()) builder.add(framer, arrival, sender);
    }
    return builder.take().length;
  };
  const datagrams = () => {
    for (const message of single) {
      framer.pushDatagram(message);
      while (framer.next()) builder.add(framer, arrival, sender);
    }
    return builder.take().length;
  };
  const library = () => {
    for (const message of single) parse(message, { client: '192.0.2.7:40312', arrival });
    return single.length;
  };

  results[kind] = {
    message_bytes: Math.round(Buffer.concat(single).length / single.length),
    ns_framing_lines: measure(frame(lines)),
    ns_framing_octet_counted: measure(frame(counted)),
    ns_lines_to_batch: measure(frameAndParse(lines)),
    ns_octet_counted_to_batch: measure(frameAndParse(counted)),
    ns_datagrams_to_batch: measure(datagrams),
    ns_library_parse: measure(library),
  };
}

const machine = { cpu: os.cpus()[0]?.model, cores: os.cpus().length, node: process.version, load: os.loadavg()[0] };
console.log(JSON.stringify({ benchmark: 'syslog-parse', machine, results }, null, 2));
