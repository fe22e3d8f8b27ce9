import { Failure } from '../../failure';
import { floatFromText } from '../coerce';
import { readJson } from '../json/json-reader';
import { readRubyHash } from '../ruby-hash/read-ruby-hash';
import { forEachFormPair } from '../url/form-pairs';
import { integerFromFloat, parseDecimalInteger } from '../../value/integer';
import { emptyObject, VrlFloat, type VrlValue } from '../../value/value';
import { splitList } from './array-list';
import type { DateFormat } from './date-format';
import { pairFormat, readPairList } from './key-value';
import type { Argument, Call } from './read-placeholder';
import { RuleError } from './rule-error';

/** Changes a value; undefined when the value is not of its kind, and then is dropped. */
export type Filter = (value: VrlValue) => VrlValue | undefined;

/** Makes a filter of text alone. */
function onText(read: (text: string) => VrlValue | Failure | undefined): Filter {
  return (value) => {
    if (typeof value !== 'string') return undefined;
    try {
      const result = read(value);
      return result instanceof Failure ? undefined : result;
    } catch {
      // Readers throw for texts that are not of their kind.
      return undefined;
    }
  };
}

/** A float, or an integer when it is whole. */
function numberValue(value: number): VrlValue {
  const integer = integerFromFloat(value);
  return Number(integer) === value ? integer : new VrlFloat(value);
}

const SIMPLE_FILTERS = new Map<string, Filter>([
  ['integer', onText(parseDecimalInteger)],
  ['integerExt', onText((text) => integerFromFloat(floatFromText(text).value))],
  ['number', onText((text) => numberValue(floatFromText(text).value))],
  ['numberExt', onText((text) => numberValue(floatFromText(text).value))],
  ['boolean', onText((text) => text.toLowerCase() === 'true')],
  ['lowercase', onText((text) => text.toLowerCase())],
  ['uppercase', onText((text) => text.toUpperCase())],
  ['json', onText((text) => readJson(text))],
  ['rubyhash', onText(readRubyHash)],
  ['querystring', onText(queryString)],
]);

function queryString(text: string): VrlValue {
  const object = emptyObject();
  forEachFormPair(text.startsWith('?') ? text.slice(1) : text, (name, value) => {
    const existing = object[name];
    if (existing === undefined) object[name] = value;
    else if (Array.isArray(existing)) existing.push(value);
    else object[name] = [existing, value];
  });
  return object;
}

/** @throws RuleError for a filter that does not exist, or does not take the arguments */
export function makeFilter(call: Call): Filter {
  const simple = SIMPLE_FILTERS.get(call.name);
  if (simple !== undefined) return simple;
  switch (call.name) {
    case 'nullIf': {
      const [nothing] = call.args;
      if (typeof nothing !== 'string') throw invalidArguments(call);
      return onText((text) => (text === nothing ? null : text));
    }
    case 'scale':
      return scaleFilter(call);
    case 'keyvalue':
      return keyValueFilter(call);
    case 'array':
      return arrayFilter(call);
    default:
      throw new RuleError(`unknown filter '${call.name}'`);
  }
}

/** The filter of a date matcher. */
export function dateFilter(format: DateFormat): Filter {
  return onText((text) => format.read(text));
}

function invalidArguments(call: Call): RuleError {
  return new RuleError(`invalid arguments for the function '${call.name}'`);
}

function scaleFilter(call: Call): Filter {
  const [factor] = call.args;
  if (typeof factor !== 'number') throw invalidArguments(call);
  return (value) => {
    if (typeof value === 'number' || typeof value === 'bigint') return numberValue(Number(value) * factor);
    if (value instanceof VrlFloat) return numberValue(value.value * factor);
    return onText((text) => numberValue(floatFromText(text).value * factor))(value);
  };
}

function keyValueFilter(call: Call): Filter {
  const args = call.args.map((argument) => {
    if (typeof argument !== 'string') throw invalidArguments(call);
    return argument;
  });
  const format = pairFormat(...(args as [string?, string?, string?, string?]));
  return onText((text) => readPairList(text, format));
}

const DEFAULT_BRACKETS = ['[', ']'] as const;

function arrayFilter(call: Call): Filter {
  const args = [...call.args];
  const last = args[args.length - 1];
  const element = isCall(last) ? makeFilter(last) : undefined;
  if (element !== undefined) args.pop();
  const texts = args.map((argument) => {
    if (typeof argument !== 'string') throw invalidArguments(call);
    return argument;
  });
  const [first, second] = texts;
  if (texts.length > 2) throw invalidArguments(call);
  const brackets = second === undefined ? DEFAULT_BRACKETS : bracketsOf(first as string, call);
  const delimiter = second ?? first ?? ',';
  if (delimiter === '') throw invalidArguments(call);
  return onText((text) => {
    const elements = splitList(text, brackets, delimiter);
    if (elements === undefined || element === undefined) return elements;
    const filtered = elements.map((item) => element(item));
    return filtered.some((item) => item === undefined) ? undefined : (filtered as VrlValue[]);
  });
}

function isCall(argument: Argument | undefined): argument is Call {
  return typeof argument === 'object' && argument !== null;
}

/** Opening and closing halves; none for the empty text. */
function bracketsOf(text: string, call: Call): readonly [string, string] | undefined {
  if (text === '') return undefined;
  if (text.length % 2 !== 0) throw invalidArguments(call);
  return [text.slice(0, text.length / 2), text.slice(text.length / 2)];
}
