import { spend } from '../limits';
import { matchAll } from '../regex';
import type { Runtime } from '../runtime';
import {
  anyMember,
  ANY,
  arrayOf,
  INTEGER,
  kindOfBits,
  NEVER,
  NULL,
  OBJECT,
  objectOfKind,
  restrict,
  shapeOf,
  STRING,
  union,
  type Kind,
} from '../types/kind';
import { textOf } from '../value/bytes';
import { sortedKeys } from '../value/compare';
import { isObject } from '../value/kind-of';
import {
  emptyObject,
  KindBit,
  type RegexMatch,
  type VrlArray,
  type VrlObject,
  type VrlRegex,
  type VrlString,
  type VrlValue,
} from '../value/value';
import type { CompiledCall, CompiledClosure, Evaluate } from './compiled-call';
import { define, type FunctionDefinition } from './definition';
import { ANY_KIND, boolean, count, object, ofKinds, regex, text, withDefault } from './parameters';

const COLLECTION = KindBit.object | KindBit.array;

/** Key and value of a round, for objects, arrays or either. */
function keyAndValue(iterated: Kind): readonly Kind[] {
  const key = union(iterated.object === null ? NEVER : STRING, iterated.array === null ? NEVER : INTEGER);
  return [key, memberKind(iterated)];
}

function memberKind(iterated: Kind): Kind {
  const inObject = iterated.object === null ? NEVER : anyMember(iterated.object);
  return union(inObject, iterated.array === null ? NEVER : anyMember(iterated.array));
}

/** The argument and the closure of a call, which the checker has made sure of. */
function required(call: CompiledCall, keyword: string): { argument: Evaluate; closure: CompiledClosure } {
  const argument = call.argument(keyword);
  if (argument === undefined || call.closure === undefined) throw new TypeError(`${keyword} or closure missing`);
  return { argument, closure: call.closure };
}

/** A round over an object's member: `return` ends the round with its value. (Elsewhere it makes the call fail.) */
function round(closure: CompiledClosure, runtime: Runtime, key: VrlValue, value: VrlValue): VrlValue {
  try {
    return closure.call(runtime, key, value);
  } catch (signal) {
    if (closure.isReturn(signal)) return signal.value;
    throw signal;
  }
}

const forEach = define({
  name: 'for_each',
  params: [ofKinds<VrlArray | VrlObject>('value', COLLECTION)],
  returns: NULL,
  fallible: false,
  closure: { iterates: 'value', variables: keyAndValue, result: ANY_KIND },
  compile: (call): Evaluate => {
    const { argument, closure } = required(call, 'value');
    return (runtime) => {
      const value = argument(runtime);
      if (Array.isArray(value)) {
        const snapshot = value.slice();
        for (let i = 0; i < snapshot.length; i++) closure.call(runtime, i, snapshot[i] as VrlValue);
      } else if (isObject(value)) {
        for (const [key, member] of entriesOf(value)) round(closure, runtime, key, member);
      }
      return null;
    };
  },
});

/** The members in key order, as they are before the first round. */
function entriesOf(value: VrlObject): [string, VrlValue][] {
  return sortedKeys(value).map((key) => [key, value[key] as VrlValue]);
}

const filter = define({
  name: 'filter',
  params: [ofKinds<VrlArray | VrlObject>('value', COLLECTION)],
  // What was known of single members need not hold for the rest.
  returns: (call) => kindOfBits((call.kind('value') as Kind).bits),
  fallible: false,
  closure: { iterates: 'value', variables: keyAndValue, result: KindBit.boolean },
  compile: (call): Evaluate => {
    const { argument, closure } = required(call, 'value');
    return (runtime) => {
      const value = argument(runtime);
      if (Array.isArray(value)) return value.slice().filter((member, i) => closure.call(runtime, i, member) === true);
      const kept = emptyObject();
      for (const [key, member] of entriesOf(value as VrlObject)) {
        if (round(closure, runtime, key, member) === true) kept[key] = member;
      }
      return kept;
    };
  },
});

const mapKeys = define({
  name: 'map_keys',
  params: [object('value'), withDefault(boolean('recursive'), false)],
  // The language takes the names to be as before.
  returns: (call) => restrict(call.kind('value') ?? OBJECT, KindBit.object),
  fallible: false,
  closure: { iterates: 'value', variables: () => [STRING], result: KindBit.string },
  compile: (call): Evaluate => {
    const { argument, closure } = required(call, 'value');
    const recursive = call.argument('recursive') ?? (() => false);
    return (runtime) => mapObjectKeys(closure, runtime, argument(runtime), recursive(runtime) === true);
  },
});

function mapObjectKeys(closure: CompiledClosure, runtime: Runtime, value: VrlValue, recursive: boolean): VrlValue {
  if (Array.isArray(value)) return value.map((member) => mapObjectKeys(closure, runtime, member, recursive));
  if (!isObject(value)) return value;
  const mapped = emptyObject();
  for (const [key, member] of entriesOf(value)) {
    const newKey = textOf(closure.call(runtime, key, null) as VrlString);
    mapped[newKey] = recursive ? mapObjectKeys(closure, runtime, member, true) : member;
  }
  return mapped;
}

const mapValues = define({
  name: 'map_values',
  params: [ofKinds<VrlArray | VrlObject>('value', COLLECTION), withDefault(boolean('recursive'), false)],
  returns: (call, closureResult = ANY) => {
    const kind = call.kind('value') as Kind;
    // Also of a recursive call, whose nested collections stay collections: the language does not tell these apart.
    const member = closureResult;
    // Of members that are not known one by one it is not told what became of them.
    const object =
      kind.object === null ? NEVER : objectOfKind(kind.object.unknown, sameForAll(kind.object.known, member));
    const array = kind.array === null ? NEVER : arrayOf(kind.array.unknown, sameForAll(kind.array.known, member));
    return union(object, array);
  },
  fallible: false,
  closure: { iterates: 'value', variables: (iterated) => [memberKind(iterated)], result: ANY_KIND },
  compile: (call): Evaluate => {
    const { argument, closure } = required(call, 'value');
    const recursive = call.argument('recursive') ?? (() => false);
    return (runtime) => mapMembers(closure, runtime, argument(runtime), recursive(runtime) === true);
  },
});

function sameForAll<K>(known: ReadonlyMap<K, Kind>, kind: Kind): Map<K, Kind> {
  return new Map([...known.keys()].map((key) => [key, kind]));
}

function mapMembers(closure: CompiledClosure, runtime: Runtime, value: VrlValue, recursive: boolean): VrlValue {
  const mapMember = (member: VrlValue): VrlValue => {
    const isCollection = Array.isArray(member) || isObject(member);
    if (recursive && isCollection) return mapMembers(closure, runtime, member, true);
    return closure.call(runtime, member, null);
  };
  if (Array.isArray(value)) return value.slice().map(mapMember);
  const mapped = emptyObject();
  for (const [key, member] of entriesOf(value as VrlObject)) mapped[key] = mapMember(member);
  return mapped;
}

const MATCH_KIND = shapeOf({ string: STRING, captures: arrayOf(union(STRING, NULL)) }, union(STRING, NULL));

const replaceWith = define({
  name: 'replace_with',
  params: [text('value'), regex('pattern'), withDefault(count('count'), -1)],
  returns: STRING,
  fallible: false,
  closure: { iterates: 'value', variables: () => [MATCH_KIND], result: KindBit.string },
  compile: (call): Evaluate => {
    const { argument, closure } = required(call, 'value');
    const pattern = call.argument('pattern') as Evaluate;
    const limit = call.argument('count') ?? (() => -1);
    return (runtime) => {
      const subject = textOf(argument(runtime) as VrlString);
      const most = Number(limit(runtime));
      return replaceMatches(closure, runtime, subject, pattern(runtime) as VrlRegex, most < 0 ? Infinity : most);
    };
  },
});

function replaceMatches(
  closure: CompiledClosure,
  runtime: Runtime,
  subject: string,
  pattern: VrlRegex,
  limit: number,
): VrlValue {
  let result = '';
  let end = 0;
  let rounds = 0;
  for (const match of matchAll(pattern, subject)) {
    if (rounds++ >= limit) break;
    const replacement = closure.call(runtime, matchObject(pattern, match), null);
    result += subject.slice(end, match.index) + textOf(replacement as VrlString);
    end = match.index + match[0].length;
    spend(1);
  }
  return result + subject.slice(end);
}

function matchObject(pattern: VrlRegex, match: RegexMatch): VrlObject {
  const found = emptyObject();
  const captures: VrlValue[] = [];
  for (let i = 1; i < pattern.groupNames.length; i++) {
    const text = match[i] ?? null;
    const name = pattern.groupNames[i];
    captures.push(text);
    if (typeof name === 'string') found[name] = text;
  }
  found['string'] = match[0];
  found['captures'] = captures;
  return found;
}

export const functions: readonly FunctionDefinition[] = [forEach, filter, mapKeys, mapValues, replaceWith];
