import { execFileSync } from 'node:child_process';
import path from 'node:path';

const DIST = path.resolve(__dirname, '../../../dist/vrl/regex');

/** What is said of two patterns in a process of its own: whether the engine falls back is a matter of the whole process. */
function backtrackingIn(...flags: readonly string[]): unknown {
  const script = `
    const { backtrackingFor } = require(${JSON.stringify(path.join(DIST, 'backtracking-guard.js'))});
    const { parseRegex } = require(${JSON.stringify(path.join(DIST, 'parse-regex.js'))});
    // Compiled to machine code, so that two to the power of twenty steps are a matter of milliseconds.
    for (let i = 0; i < 50; i++) /^(?:a+)+$/.test('a'.repeat(16) + '!');
    console.log(JSON.stringify(['^(a+)+$', '^a+$'].map((text) => backtrackingFor(parseRegex(text).root, false))));`;
  return JSON.parse(execFileSync(process.execPath, [...flags, '--eval', script], { encoding: 'utf8' }));
}

test('the engine is not trusted with exponential patterns, however fast it backtracks', () => {
  expect(backtrackingIn()).toEqual(['never', 'always']);
});

test('an engine that falls back to linear time is', () => {
  const flag = '--enable-experimental-regexp-engine-on-excessive-backtracks';
  // A busy machine may look slow: then the answer is no, which is never wrong.
  let answer = backtrackingIn(flag);
  for (let attempt = 1; attempt < 10 && (answer as unknown[])[0] === 'never'; attempt++) answer = backtrackingIn(flag);
  expect(answer).toEqual(['always', 'always']);
});
