import { describeKind } from '../types/describe-kind';
import { ANY, ARRAY, BOOLEAN, isWithin, NULL, OBJECT, type Kind } from '../types/kind';
import { formatRfc3339 } from '../time';
import { kindOf } from '../value/kind-of';
import {
  emptyObject,
  KindBit,
  objectOf,
  VrlBytes,
  VrlRegex,
  VrlScalar,
  VrlTimestamp,
  type VrlObject,
  type VrlString,
  type VrlValue,
} from '../value/value';
import type { Evaluate } from './compiled-call';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { JsonSyntaxError, readJson } from './json/json-reader';
import { any, oneOf, optional, string } from './parameters';

const typeDef = define({
  name: 'type_def',
  params: [any('value')],
  returns: ANY,
  fallible: false,
  fresh: false,
  compile: (call): Evaluate => {
    const { kind, fallible } = call.fullType('value');
    const shown = describeKind(kind);
    if (fallible) shown['fallible'] = true;
    return () => shown;
  },
});

/** What is certainly an array or null stays that; everything else counts as an object, as the language has it. */
function taggedKind(call: CallSite): Kind {
  const kind = call.kind('value') ?? ANY;
  if (isWithin(kind, KindBit.array)) return ARRAY;
  return isWithin(kind, KindBit.null) ? NULL : OBJECT;
}

const tagTypesExternally = define({
  name: 'tag_types_externally',
  params: [any('value')],
  returns: taggedKind,
  fallible: false,
  fresh: true,
  run: tagged,
});

function tagged(value: VrlValue): VrlValue {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value === 'object' && !(value instanceof VrlScalar)) {
    const object = emptyObject();
    for (const key of Object.keys(value)) object[key] = tagged((value as VrlObject)[key] as VrlValue);
    return object;
  }
  const shown = value instanceof VrlTimestamp ? formatRfc3339(value) : value instanceof VrlRegex ? value.source : value;
  return objectOf([[kindOf(value), shown]]);
}

const VARIANTS = ['object', 'array', 'string', 'number', 'bool', 'null'] as const;

/** JSON's names of the kinds that its texts give. */
const VARIANT_OF_KIND = new Map<string, (typeof VARIANTS)[number]>([
  ['object', 'object'],
  ['array', 'array'],
  ['string', 'string'],
  ['integer', 'number'],
  ['float', 'number'],
  ['boolean', 'bool'],
  ['null', 'null'],
]);

const isJson = define({
  name: 'is_json',
  params: [string('value'), optional(oneOf('variant', VARIANTS))],
  returns: BOOLEAN,
  fallible: false,
  run: (value, variant) => {
    const read = jsonValue(value);
    return read !== undefined && (variant === undefined || VARIANT_OF_KIND.get(kindOf(read)) === variant);
  },
});

function jsonValue(text: VrlString): VrlValue | undefined {
  if (text instanceof VrlBytes) return undefined;
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

export const functions: readonly FunctionDefinition[] = [typeDef, tagTypesExternally, isJson];
