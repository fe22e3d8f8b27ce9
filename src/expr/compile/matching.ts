import { ExprCompileError, ExprRuntimeError } from '../errors';
import { compilePattern, PatternError, type Pattern } from '../regex/pattern';
import type { Value } from '../value/value';
import type { Compiled, Run } from './compiled';
import { notOfType } from './logic';

/** Patterns computed while running that are kept compiled; a record's fields seldom give more. */
const COMPUTED_PATTERNS_KEPT = 100;

/** `text matches pattern`. A literal pattern is compiled once and a bad one refused here. */
export function compileMatch(text: Compiled, pattern: Compiled, source: string, at: number): Run {
  if (typeof pattern.constant === 'string') {
    return matchLiteral(text, literalPattern(pattern.constant, source, at), at);
  }
  return matchComputed(text, pattern, at);
}

/** Compiles a pattern that stands in the source, where a bad one is an error of the source. */
export function literalPattern(pattern: string, source: string, at: number): Pattern {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new ExprCompileError('bad_pattern', `error parsing regexp: ${error.message}`, source, at);
  }
}

function matchLiteral(text: Compiled, pattern: Pattern, at: number): Run {
  return (frame) => {
    const value = text.run(frame);
    if (value === null) return false;
    const subject = subjectOf(value, at);
    frame.chargeSteps(subject.length >> 4, at);
    return pattern.test(subject);
  };
}

function matchComputed(text: Compiled, pattern: Compiled, at: number): Run {
  const kept = new Map<string, Pattern>();
  return (frame) => {
    const value = text.run(frame);
    const wanted = pattern.run(frame);
    if (value === null || wanted === null) return false;
    if (typeof wanted !== 'string') throw notOfType('operand_type', wanted, 'string', at);
    const subject = subjectOf(value, at);
    frame.chargeSteps((subject.length + wanted.length) >> 4, at);
    let compiled = kept.get(wanted);
    if (compiled === undefined) {
      // Compiling is far dearer than running: a loop over distinct patterns has to end.
      frame.chargeSteps(1000 + wanted.length, at);
      compiled = computedPattern(wanted, at);
      if (kept.size >= COMPUTED_PATTERNS_KEPT) kept.clear();
      kept.set(wanted, compiled);
    }
    return compiled.test(subject);
  };
}

function computedPattern(pattern: string, at: number): Pattern {
  try {
    return compilePattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw new ExprRuntimeError('bad_pattern', `error parsing regexp: ${error.message}`, at);
  }
}

const decoder = new TextDecoder();

function subjectOf(value: Value, at: number): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return decoder.decode(value);
  throw notOfType('operand_type', value, 'string', at);
}
