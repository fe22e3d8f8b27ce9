import { utf8Length } from '../../value/bytes';

/** One step of a parser that did not get on: where, and what kind of step it was. */
export type Step = readonly [at: number, kind: string | ExpectedCharacter];

/** A step that wanted one certain character. */
export interface ExpectedCharacter {
  readonly expected: string;
}

/** A longer line is not shown: failures become part of records. */
const MAX_SHOWN_UNITS = 16_384;
/** Nor are lines that come to more than this in all, as when each of a hundred steps shows its own. */
const MAX_SHOWN_UNITS_IN_ALL = 65_536;

/**
 * Shows where the steps of a parser, the innermost first, did not get on: line by line with a caret below.
 *
 * @param steps positions count UTF-16 units; the caret counts bytes
 * @example traceText('ab', [[1, 'Tag']]) // '0: at line 1, in Tag:\nab\n ^\n\n'
 */
export function traceText(input: string, steps: readonly Step[]): string {
  const mostUnits = Math.min(MAX_SHOWN_UNITS, Math.floor(MAX_SHOWN_UNITS_IN_ALL / steps.length));
  return steps.map((step, i) => `${i}: ${stepText(input, step, mostUnits)}`).join('');
}

function stepText(input: string, [at, kind]: Step, mostUnits: number): string {
  const isNamed = typeof kind === 'string';
  if (input === '') return `${isNamed ? `in ${kind}` : `expected '${kind.expected}'`}, got empty input\n\n`;
  const before = input.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineNumber = before.split('\n').length;
  const lineEnd = input.indexOf('\n', at);
  const line = input.slice(lineStart, lineEnd === -1 ? input.length : lineEnd).trimEnd();
  const place = `at line ${lineNumber}${isNamed ? `, in ${kind}` : ''}`;
  const remark = isNamed ? '' : `${expectation(input, at, kind)}\n`;
  if (line.length > mostUnits) return `${place}\n${remark}\n`;
  const indent = ' '.repeat(utf8Length(input.slice(lineStart, at)));
  return `${place}:\n${line}\n${indent}^\n${remark}\n`;
}

function expectation(input: string, at: number, { expected }: ExpectedCharacter): string {
  const found = input.codePointAt(at);
  return `expected '${expected}', ${found === undefined ? 'got end of input' : `found ${String.fromCodePoint(found)}`}`;
}
