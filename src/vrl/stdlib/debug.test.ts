import { compile } from '../compile';
import { error, testPrograms } from '../testing/run';

describe('assertions', () => {
  testPrograms([
    ['assert!(1 == 1)', true],
    ['assert!(1 == 2)', error('function call error for "assert" at (0:15): assertion failed')],
    ['assert!(1 == 2, "no")', error('function call error for "assert" at (0:21): no')],
    ['assert_eq!(1, 1)', true],
    [
      'assert_eq!([1], ["a\\"b", null, 1.0, { "k": true }])',
      error(/: assertion failed: \[1\] == \["a\\"b", null, 1, \{ "k": true \}\]$/),
    ],
    ['assert_eq!(1, 1.0, "kinds differ")', error(/: kinds differ$/)],
  ]);
});

test('log hands level, text and rate to the host', () => {
  const lines: unknown[] = [];
  const program = compile('log("plain")\nlog({ "a": "x" }, level: "warn", rate_limit_secs: 5)', {
    log: (...line) => lines.push(line),
  });
  program.run({});
  expect(lines).toEqual([
    ['info', 'plain', 1],
    ['warn', '{ "a": "x" }', 5],
  ]);
});
