// Speed of src/vrl on this machine: node bench/vrl.js [directory of the built room]. Prints JSON; times are CPU nanoseconds
// of this process for one event, the best of many rounds, so that other load on the machine disturbs them little.
const os = require('node:os');
const path = require('node:path');
const { compile, compileTransformer, emptyObject } = require(
  process.argv[2] ?? path.join(__dirname, '..', 'dist', 'vrl'),
);

const EVENTS_PER_ROUND = 5_000;
const WARM_UP_ROUNDS = 20;
const ROUNDS = 40;

function apacheLine(i) {
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0';
  return (
    `192.168.${i % 256}.${(i * 7) % 256} - user${i % 50} [10/Oct/2024:13:55:${10 + (i % 50)} +0000] ` +
    `"GET /catalog/item/${i % 997}?ref=${i % 13} HTTP/1.1" ${i % 10 === 0 ? 404 : 200} ${500 + (i % 4000)} ` +
    `"https://www.example.com/start" "${agent}"`
  );
}

function jsonLine(i) {
  return (
    `{"ts":"2024-10-10T13:55:36.123Z","level":"info","service":"checkout","trace":"4bf92f3577b34da6a3ce929d0e0e${4736 + (i % 999)}",` +
    `"duration_ms":${i % 900}.25,"user":{"id":${100_000 + i},"plan":"pro"},"msg":"order placed","tags":["a","b"]}`
  );
}

function event(message) {
  const fields = emptyObject();
  fields.message = message;
  fields.host = 'web-10.example.com';
  fields.client = '10.0.0.7:4711';
  return fields;
}

const APACHE = `
parsed = parse_apache_log!(.message, "combined")
.host = parsed.host
.status = parsed.status
.path = parsed.path
.agent = parsed.agent
.kind = "access"
`;

/** What transformers of real services look like: thirty lines of parsing, guards, coercions and clean-up. */
const REALISTIC = `
# An application's JSON log, or else whatever it wrote.
parsed, err = parse_json(.message)
if err != null {
  .parse_error = err
  parsed = { "msg": .message, "level": "info" }
}
parsed = object(parsed) ?? {}
. |= parsed
del(.message)
.message = string(del(.msg)) ?? ""
.level = downcase(string(.level) ?? "info")
if includes(["warn", "warning"], .level) {
  .level = "warning"
} else if match(.level, r'^(err|crit|fatal)') {
  .level = "error"
}
.timestamp = parse_timestamp(.ts, format: "%+") ?? now()
del(.ts)
.duration_s = (to_float(.duration_ms) ?? 0.0) / 1000.0
.slow = .duration_s > 0.5
.user_id = to_string(.user.id) ?? "unknown"
.message = redact(.message, filters: [r'\\b[0-9]{13,16}\\b'])
.tags = map_values(array(.tags) ?? []) -> |tag| { upcase(string(tag) ?? "") }
.tags = join(.tags, ",") ?? ""
if exists(.trace) {
  .trace_short = slice!(.trace, 0, 8)
}
host_parts = split(string!(.host), ".", limit: 2)
.host_short = host_parts[0]
if contains(string!(.host), "example.com") && !starts_with(string!(.client), "127.") {
  .origin = "external"
} else {
  .origin = "internal"
}
.id = sha1(string!(.host) + string!(.client))
. = compact(., recursive: true)
`;

const PROGRAMS = {
  empty: ['', apacheLine],
  five_assignments: ['.a = .host\n.b = "text"\n.c = .client\n.d = 5\n.e = .a', apacheLine],
  condition: ['if .host == "web-10.example.com" { .zone = "eu" } else { .zone = "us" }', apacheLine],
  recovered_failure: ['.n = to_int(.message) ?? 0', apacheLine],
  for_each: ['for_each(.) -> |key, value| { .last = key; _unused = value }', apacheLine],
  parse_apache_log_and_5_assignments: [APACHE, apacheLine],
  parse_json_into_event: ['. = object!(parse_json!(.message))\n.level = upcase!(.level)', jsonLine],
  parse_json_merged: ['. |= object!(parse_json!(.message))\ndel(.message)', jsonLine],
  realistic_30_lines: [REALISTIC, jsonLine],
  parse_regex: [
    '. |= parse_regex!(.message, r\'^(?P<ip>[0-9.]+) .*"(?P<method>[A-Z]+) (?P<path>[^ ]+) HTTP/(?P<version>[0-9.]+)" (?P<status>[0-9]{3})\')',
    apacheLine,
  ],
};

/** CPU nanoseconds per event of the best round. */
function measure(runOne, make) {
  const messages = Array.from({ length: EVENTS_PER_ROUND }, (_, i) => make(i));
  const round = () => {
    for (const message of messages) runOne(message);
  };
  for (let i = 0; i < WARM_UP_ROUNDS; i++) round();
  let best = Infinity;
  for (let i = 0; i < ROUNDS; i++) {
    const before = process.cpuUsage();
    round();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, ((user + system) * 1000) / EVENTS_PER_ROUND);
  }
  return Math.round(best);
}

const nanosecondsPerEvent = {};
for (const [name, [source, make]] of Object.entries(PROGRAMS)) {
  const program = compile(source);
  nanosecondsPerEvent[name] = measure((message) => program.run(event(message)), make);
}
const transformer = compileTransformer(APACHE);
nanosecondsPerEvent.transformer_apache_to_record = measure((message) => transformer.run({ message }), apacheLine);

const machine = { cpu: os.cpus()[0]?.model, cores: os.cpus().length, node: process.version };
const apache = nanosecondsPerEvent.parse_apache_log_and_5_assignments;
const eventsPerSecond = (nanoseconds) => Math.round(1e9 / nanoseconds);
console.log(
  JSON.stringify(
    {
      machine,
      nanosecondsPerEvent,
      apacheEventsPerSecond: eventsPerSecond(apache),
      realisticEventsPerSecond: eventsPerSecond(nanosecondsPerEvent.realistic_30_lines),
    },
    null,
    2,
  ),
);
