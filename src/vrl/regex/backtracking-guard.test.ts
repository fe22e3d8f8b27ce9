import { backtrackingFor } from './backtracking-guard';
import { parseRegex } from './parse-regex';

test('the engine is not trusted with exponential patterns, however fast it backtracks', () => {
  // Compiled to machine code, so that two to the power of twenty steps are a matter of milliseconds.
  for (let i = 0; i < 50; i++) /^(?:a+)+$/.test(`${'a'.repeat(16)}!`);
  expect(backtrackingFor(parseRegex('^(a+)+$').root, false)).toBe('never');
  expect(backtrackingFor(parseRegex('^a+$').root, false)).toBe('always');
});
