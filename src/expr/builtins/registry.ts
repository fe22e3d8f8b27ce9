import { ARRAY_BUILTINS } from './arrays';
import { BASE64_BUILTINS } from './base64';
import { BIT_BUILTINS } from './bits';
import type { Builtin } from './definition';
import { GENERAL_BUILTINS } from './general';
import { JSON_BUILTINS } from './json';
import { MAP_BUILTINS } from './maps';
import { NUMBER_BUILTINS } from './numbers';
import { TEXT_BUILTINS } from './text';
import { TIME_BUILTINS } from './time';

const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  [
    ...GENERAL_BUILTINS,
    ...TEXT_BUILTINS,
    ...NUMBER_BUILTINS,
    ...BIT_BUILTINS,
    ...ARRAY_BUILTINS,
    ...MAP_BUILTINS,
    ...JSON_BUILTINS,
    ...BASE64_BUILTINS,
    ...TIME_BUILTINS,
  ].map((builtin) => [builtin.name, builtin]),
);

/** The builtin of a name, those with predicates aside. */
export function findBuiltin(name: string): Builtin | undefined {
  return BUILTINS.get(name);
}
