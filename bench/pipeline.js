// What the pipeline engine costs a record, with a store that takes everything at once: records per second of one core.
// Run: npx tsc -p tsconfig.json && node bench/pipeline.js
const os = require('node:os');
const { RecordBatch } = require('../dist/record');
const { PipelineEngine, defaultFlow } = require('../dist/pipeline');
const { compileTransformer } = require('../dist/vrl');
const { compileFilter } = require('../dist/expr');

const RECORDS_PER_BATCH = 512;
/** Different batches in turn, so that no single one sits in the processor's caches. */
const BATCHES = 16;
const WARM_UP_MS = 500;
const MEASURE_MS = 2000;
const ROUNDS = 3;

const HOSTS = ['web-1', 'web-2', 'db-1', 'db-2', 'mail-1'];
const PROGRAMS = ['sshd', 'nginx', 'postgres', 'kernel', 'postfix', 'cron'];
const SEVERITIES = ['3', '4', '5', '6', '6', '6'];

// A fixed sequence instead of Math.random: every run measures the same records.
let seed = 42;
function random(below) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return (seed >>> 8) % below;
}
const pick = (list) => list[random(list.length)];

/** A record of RFC 5424, as the syslog input makes it. */
function record(i) {
  return {
    timestamp: 1_760_000_000_000 + i,
    fields: {
      priority: '134',
      facility: '16',
      severity: pick(SEVERITIES),
      version: '1',
      timestamp: new Date(1_760_000_000_000 + i).toISOString(),
      hostname: pick(HOSTS),
      app_name: pick(PROGRAMS),
      proc_id: String(random(32768)),
      msg_id: '',
      structured_data: '',
      message: `connection from 10.0.${random(256)}.${random(256)} port ${random(65536)} closed after ${random(100000)} ms`,
      client: `10.1.${random(4)}.${random(256)}:514`,
      tls_peer: '',
    },
  };
}

function batches(size) {
  let i = 0;
  return Array.from({ length: BATCHES }, () => RecordBatch.from(Array.from({ length: size }, () => record(i++))));
}

const node = (id, type, data) => ({ id, type, position: { x: 0, y: 0 }, data });
const edges = (...pairs) => pairs.map(([source, target], i) => ({ id: `e${i}`, source, sourceHandle: '', target }));
const direct = node('in', 'source', { type: 'direct' });

function switches(conditions) {
  return {
    version: 2,
    nodes: [
      direct,
      ...conditions.flatMap((condition, i) => [
        node(`s${i}`, 'switch', { condition }),
        node(`r${i}`, 'router', { stream: `stream-${i}` }),
      ]),
    ],
    edges: edges(
      ...conditions.flatMap((_, i) => [
        ['in', `s${i}`],
        [`s${i}`, `r${i}`],
      ]),
    ),
  };
}

const transform = {
  version: 2,
  nodes: [direct, node('t', 'transform', { transformer: 't' }), node('r', 'router', { stream: 'out' })],
  edges: edges(['in', 't'], ['t', 'r']),
};

/** Scripts of the bench are functions of plain JavaScript: what is measured is the engine around the transformer. */
const SCRIPTS = {
  identity: (fields) => fields,
  change: (fields) => {
    fields.env = 'production';
    fields.short = fields.message.slice(0, 20);
    return fields;
  },
};

function newEngine(flow, script = 'identity', compile = undefined) {
  const done = Promise.resolve();
  const store = { saturated: false, onDrain: (callback) => callback(), append: () => done };
  const forwarders = { append: () => done };
  const engine = new PipelineEngine({
    store,
    forwarders,
    compileFilter,
    compileTransformer: compile ?? ((name) => ({ run: (fields) => [SCRIPTS[name](fields)] })),
  });
  const unavailable = engine.refresh({
    pipelines: new Map([['p', flow]]),
    transformers: new Map([['t', script]]),
    forwarders: new Set(),
  });
  for (const error of unavailable.values()) throw error;
  return engine;
}

async function run(engine, inputs, milliseconds) {
  const start = process.hrtime.bigint();
  const end = start + BigInt(milliseconds) * 1_000_000n;
  let records = 0;
  for (let i = 0; process.hrtime.bigint() < end; i++) {
    const batch = inputs[i % inputs.length];
    await engine.ingest('p', 'direct', batch);
    records += batch.length;
  }
  return (records * 1e9) / Number(process.hrtime.bigint() - start);
}

async function measure(engine, size = RECORDS_PER_BATCH) {
  const inputs = batches(size);
  await run(engine, inputs, WARM_UP_MS);
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) best = Math.max(best, await run(engine, inputs, MEASURE_MS));
  return { recordsPerSecond: Math.round(best), nanosecondsPerRecord: Number((1e9 / best).toFixed(1)) };
}

/** How long a refresh takes in which one pipeline of many has changed, in milliseconds. */
function measureRefresh(count) {
  const engine = newEngine(defaultFlow());
  const flow = (i) =>
    switches([`app_name == "a${i}"`, 'severity in ["0", "1", "2", "3"]', `hostname startsWith "h${i}"`]);
  const pipelines = new Map(Array.from({ length: count }, (_, i) => [`p${i}`, flow(i)]));
  const definitions = { pipelines, transformers: new Map(), forwarders: new Set() };
  const time = (action) => {
    const start = process.hrtime.bigint();
    action();
    return Number((Number(process.hrtime.bigint() - start) / 1e6).toFixed(1));
  };
  const all = time(() => engine.refresh(definitions));
  const changed = new Map(pipelines).set('p7', flow(count));
  return { pipelines: count, all, oneChanged: time(() => engine.refresh({ ...definitions, pipelines: changed })) };
}

async function main() {
  const apps = PROGRAMS.map((name) => `app_name == "${name}"`);
  const result = {
    benchmark: 'pipeline',
    machine: { cpu: os.cpus()[0].model, cores: os.cpus().length, node: process.version, load: os.loadavg()[0] },
    recordsPerBatch: RECORDS_PER_BATCH,
    fieldsPerRecord: 13,
    sourceToRouter: await measure(newEngine(defaultFlow())),
    sourceToRouterSingleRecords: await measure(newEngine(defaultFlow()), 1),
    switchThatAllPass: await measure(newEngine(switches(['facility == "16"']))),
    switchThatNonePass: await measure(newEngine(switches(['facility == "17"']))),
    switchOfTwoFields: await measure(newEngine(switches(['severity == "3" or message contains "refused"']))),
    sixSwitchesSixStreams: await measure(newEngine(switches(apps))),
    transformIdentity: await measure(newEngine(transform)),
    transformTwoFields: await measure(newEngine(transform, 'change')),
    refreshMilliseconds: measureRefresh(1000),
  };
  const script = '.env = "production"\n.short = slice!(.message, 0, 20)';
  result.transformVrl = await measure(newEngine(transform, script, (source) => compileTransformer(source)));
  console.log(JSON.stringify(result, null, 2));
}

main();
