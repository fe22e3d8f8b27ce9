// What every benchmark prints: one JSON document on standard output; progress goes to standard error.
'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { parseArgs } = require('node:util');
const { loadAverage, machineFacts } = require('./machine');
const { machineBusySeconds } = require('./process-usage');

/** A machine is calm when all of its processes together use less than this many cores for CALM_MS. */
const CALM_CORES = 0.15;
const CALM_MS = 2000;

/**
 * Reads the command line: names of cases, and `--name value` for each of the given numbers (or texts, where the default is one).
 * @returns {{ cases: string[], options: Record<string, number | string> }} an empty list of cases means all
 */
function readCommandLine(defaults, allCases) {
  const types = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: 'string' }]));
  const { values, positionals } = parseArgs({ options: types, allowPositionals: true });
  const options = { ...defaults };
  for (const [name, text] of Object.entries(values)) {
    options[name] = typeof defaults[name] === 'number' ? Number(text) : text;
    if (Number.isNaN(options[name])) fail(`--${name} takes a number`);
  }
  for (const name of positionals)
    if (!allCases.includes(name)) fail(`no case ${name}; there are: ${allCases.join(', ')}`);
  return {
    cases: positionals.length === 0 ? allCases : allCases.filter((name) => positionals.includes(name)),
    options,
  };
}

function fail(message) {
  console.error(message);
  process.exit(64);
}

const progress = (text) => console.error(`# ${text}`);

/** Runs a benchmark and prints its document; `run` returns the figures. */
async function report(benchmark, { directory, options }, run) {
  const machine = machineFacts(directory);
  const before = loadAverage();
  const figures = await run();
  const document = {
    benchmark,
    date: new Date().toISOString(),
    machine,
    load_average_1_min: { before, after: loadAverage() },
    options,
    ...figures,
  };
  console.log(JSON.stringify(document, null, 2));
}

/** Repeats a measurement and keeps all rounds and the one with the highest figure: what other load disturbed least. */
async function bestOf({ rounds, calm = 0 }, name, measure, figure = 'records_per_second') {
  const all = [];
  for (let round = 0; round < rounds; round++) {
    await untilCalm(calm);
    const load = loadAverage();
    const result = await measure(round);
    progress(`${name}, round ${round + 1} of ${rounds}: ${figure} ${result[figure]} (load ${load})`);
    all.push({ load_average: load, ...result });
  }
  const best = all.reduce((a, b) => (b[figure] > a[figure] ? b : a));
  return { best, rounds: all.map((result) => result[figure]) };
}

/** Waits until other work on the machine has ended, at most so many seconds. */
async function untilCalm(maxSeconds) {
  const deadline = performance.now() + maxSeconds * 1000;
  while (performance.now() < deadline) {
    const busy = machineBusySeconds();
    const start = performance.now();
    await sleep(CALM_MS);
    if (((machineBusySeconds() - busy) / (performance.now() - start)) * 1000 < CALM_CORES) return;
  }
}

const round = (value, digits = 2) => Number(value.toFixed(digits));

const rate = (records, milliseconds) => ({
  records_per_second: Math.round((records / milliseconds) * 1000),
  seconds: round(milliseconds / 1000),
});

module.exports = { readCommandLine, untilCalm, progress, report, bestOf, rate, round };
