import { utf8Length } from '../../value/bytes';

/** One step of a parser that did not get on: where, and what kind of step it was. */
export type Step = readonly [at: number, kind: string];

/** A longer line is not shown: failures become part of records. */
const MAX_SHOWN_UNITS = 16_384;

/**
 * Shows where the steps of a parser, the innermost first, did not get on: line by line with a caret below.
 *
 * @param steps positions count UTF-16 units; the caret counts bytes
 * @example traceText('ab', [[1, 'Tag']]) // '0: at line 1, in Tag:\nab\n ^\n\n'
 */
export function traceText(input: string, steps: readonly Step[]): string {
  return steps.map(([at, kind], i) => `${i}: ${stepText(input, at, kind)}`).join('');
}

function stepText(input: string, at: number, kind: string): string {
  if (input === '') return `in ${kind}, got empty input\n\n`;
  const before = input.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineNumber = before.split('\n').length;
  const lineEnd = input.indexOf('\n', at);
  const line = input.slice(lineStart, lineEnd === -1 ? input.length : lineEnd).trimEnd();
  if (line.length > MAX_SHOWN_UNITS) return `at line ${lineNumber}, in ${kind}\n\n`;
  const indent = ' '.repeat(utf8Length(input.slice(lineStart, at)));
  return `at line ${lineNumber}, in ${kind}:\n${line}\n${indent}^\n\n`;
}
