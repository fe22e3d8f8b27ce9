import { checkStringLength } from '../limits';
import { matchAll } from '../regex';
import { kindOfBits, restrict, type Kind } from '../types/kind';
import { textOf } from '../value/bytes';
import { isObject } from '../value/kind-of';
import { emptyObject, KindBit, VrlBytes, VrlRegex, type VrlArray, type VrlString, type VrlValue } from '../value/value';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { array, ofKinds, optional } from './parameters';
import { readFilter } from './redaction/filters';
import { readRedactor, type Redactor } from './redaction/redactors';
import type { Pattern } from './text/replace';
import { occurrencesOf } from './text/split';

const REDACTABLE = KindBit.string | KindBit.object | KindBit.array;

/** Redacted values keep their kind, members included. */
function redactedKind(call: CallSite): Kind {
  const kind = call.kind('value') ?? kindOfBits(REDACTABLE);
  return restrict(kind, REDACTABLE);
}

/** The patterns of all filters of a call, which are constants. */
function patternsOf(call: CallSite): Pattern[] {
  const patterns: Pattern[] = [];
  for (const value of (call.constant('filters') as VrlArray | undefined) ?? []) {
    const filter = readFilter(value);
    if ('problem' in filter) throw call.invalid('filters', filter.problem);
    patterns.push(...filter);
  }
  return patterns;
}

function redactorOf(call: CallSite): Redactor {
  const redactor = readRedactor(call.constant('redactor'));
  if (typeof redactor === 'function') return redactor;
  throw call.invalid('redactor', redactor.problem);
}

const redact = define({
  name: 'redact',
  params: [
    ofKinds('value', REDACTABLE, { lenient: true }),
    array('filters', { compileTime: 'array' }),
    optional(ofKinds('redactor', KindBit.string | KindBit.object, { compileTime: 'constant' })),
  ],
  returns: redactedKind,
  fallible: false,
  prepare: (call) => {
    const patterns = patternsOf(call);
    const redactor = redactorOf(call);
    return (value) => redactValue(value, patterns, redactor);
  },
});

/** The value with every string in it redacted, at any depth; keys stay. */
function redactValue(value: VrlValue, patterns: readonly Pattern[], redactor: Redactor): VrlValue {
  if (typeof value === 'string' || value instanceof VrlBytes) {
    let text = textOf(value);
    for (const pattern of patterns) text = redactText(text, pattern, redactor);
    return text;
  }
  if (Array.isArray(value)) return value.map((member) => redactValue(member, patterns, redactor));
  if (!isObject(value)) return value;
  const object = emptyObject();
  for (const key of Object.keys(value)) object[key] = redactValue(value[key] as VrlValue, patterns, redactor);
  return object;
}

function redactText(text: string, pattern: Pattern, redactor: Redactor): string {
  const places = pattern instanceof VrlRegex ? matchPlaces(text, pattern) : occurrencesOf(text, literal(pattern));
  let result = '';
  let end = 0;
  for (const [from, to] of places) {
    result += text.slice(end, from) + redactor(text.slice(from, to));
    checkStringLength(result.length);
    end = to;
  }
  return result + text.slice(end);
}

function literal(pattern: VrlString): string {
  return textOf(pattern);
}

function* matchPlaces(text: string, pattern: VrlRegex): Generator<readonly [number, number]> {
  for (const match of matchAll(pattern, text)) yield [match.index, match.index + match[0].length];
}

export const functions: readonly FunctionDefinition[] = [redact];
