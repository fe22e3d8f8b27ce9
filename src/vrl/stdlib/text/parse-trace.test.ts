import { traceText } from './parse-trace';

test('a trace shows the line of each step with a caret below', () => {
  expect(
    traceText('ab\nc\u00e9d  \nx', [
      [5, 'Tag'],
      [0, 'Alt'],
    ]),
  ).toBe('0: at line 2, in Tag:\nc\u00e9d\n   ^\n\n1: at line 1, in Alt:\nab\n^\n\n');
});

test('a trace of nothing says so', () => {
  expect(traceText('', [[0, 'Tag']])).toBe('0: in Tag, got empty input\n\n');
});

test('a trace leaves lines out that would fill a record', () => {
  expect(traceText('x'.repeat(1_000_000), [[9, 'Tag']])).toBe('0: at line 1, in Tag\n\n');
});
