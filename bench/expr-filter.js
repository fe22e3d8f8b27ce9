// Filters over records: evaluations per second of one core, by kind of condition.
// Run: npx tsc -p tsconfig.json && node bench/expr-filter.js
const os = require('node:os');
const { compileFilter } = require('../dist/expr');

const RECORDS = 1000;
const MIN_SECONDS = 0.5;

const LEVELS = ['debug', 'info', 'info', 'info', 'warn', 'error'];

/** Records as the syslog parser makes them from access log lines. */
function makeRecords() {
  return Array.from({ length: RECORDS }, (_, at) => ({
    timestamp: '2026-02-03T04:05:06.789Z',
    hostname: `web${at % 20}`,
    app_name: 'nginx',
    proc_id: String(1000 + (at % 50)),
    level: LEVELS[at % LEVELS.length],
    status: String([200, 200, 200, 304, 404, 503][(at * 7) % 6]),
    message:
      `192.168.${at % 256}.${(at * 31) % 256} - user${at % 100} [03/Feb/2026:04:05:06 +0000] "GET /api/v1/items/${at}` +
      `?page=${at % 9} HTTP/1.1" 200 ${at * 13} "-" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)" upstream=10.0.0.${at % 9} took ${at % 300}ms`,
  }));
}

const CASES = [
  { name: 'equals', leaves: 1, source: 'level == "error"' },
  { name: 'not equals', leaves: 1, source: 'level != "error"' },
  { name: 'in', leaves: 1, source: 'level in ["warn", "error", "fatal"]' },
  { name: 'startsWith', leaves: 1, source: 'hostname startsWith "web1"' },
  { name: 'contains', leaves: 1, source: 'message contains "upstream=10.0.0.3"' },
  {
    name: 'four of and',
    leaves: 4,
    source:
      'app_name == "nginx" and level != "x" and hostname startsWith "web" and status in ["200", "304", "404", "503"]',
  },
  { name: 'two of or', leaves: 2, source: 'level == "fatal" or status == "500"' },
  { name: 'matches, literal inside', leaves: 1, source: 'message matches "user42 .*took \\\\d+ms"' },
  { name: 'matches, no literal', leaves: 1, source: 'message matches "(?i)linux [x]86"' },
  {
    name: 'matches, access log',
    leaves: 1,
    source: 'message matches `^(\\S+) \\S+ (\\S+) \\[([^\\]]+)\\] "(\\S+) ([^" ]*) [^"]*" (\\d+) (\\d+)`',
  },
  { name: 'matches, automaton', leaves: 1, source: 'message matches `(?:[a-z]+=[^ ]+ ?)+took`' },
  { name: 'conversion', leaves: 1, source: 'int(status) >= 500' },
  { name: 'range', leaves: 1, source: 'int(status) in 400..499' },
  { name: 'function', leaves: 1, source: 'lower(level) == "error"' },
  { name: 'any field', leaves: 1, source: 'any(values($env), # contains "nginx")' },
];

function measure({ name, leaves, source }, records) {
  const filter = compileFilter(source);
  let matched = 0;
  let evaluations = 0;
  const start = process.hrtime.bigint();
  let seconds = 0;
  while (seconds < MIN_SECONDS) {
    for (let round = 0; round < 20; round++) {
      for (const record of records) if (filter.matches(record)) matched++;
      evaluations += records.length;
    }
    seconds = Number(process.hrtime.bigint() - start) / 1e9;
  }
  return {
    name,
    source,
    matched: Number((matched / evaluations).toFixed(3)),
    records_per_second: Math.round(evaluations / seconds),
    leaves_per_second: Math.round((evaluations * leaves) / seconds),
  };
}

function measureCompile() {
  const source = CASES.map((entry) => `(${entry.source})`).join(' or ');
  const start = process.hrtime.bigint();
  const count = 50;
  for (let at = 0; at < count; at++) compileFilter(source);
  return Number(process.hrtime.bigint() - start) / 1e6 / count;
}

const records = makeRecords();
for (const entry of CASES) measure(entry, records);
console.log(
  JSON.stringify(
    {
      benchmark: 'expr-filter',
      node: process.version,
      cpu: os.cpus()[0]?.model,
      cores: os.cpus().length,
      compile_all_ms: Number(measureCompile().toFixed(2)),
      results: CASES.map((entry) => measure(entry, records)),
    },
    null,
    2,
  ),
);
