import { fail } from '../failure';
import { matchAll } from '../regex';
import { arrayOf, NEVER, NULL, objectOfKind, STRING, union, type Kind } from '../types/kind';
import { textOf } from '../value/bytes';
import { kindBitOf } from '../value/kind-of';
import {
  emptyObject,
  KindBit,
  VrlRegex,
  type RegexMatch,
  type VrlObject,
  type VrlString,
  type VrlValue,
} from '../value/value';
import { wrongKind } from './bind';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { any, boolean, regex, text, withDefault } from './parameters';

const OPTIONAL_STRING = union(STRING, NULL);

/** An object of a match: named groups are strings (as the language types them, though one may take no part). */
function matchKind(call: CallSite): Kind {
  const pattern = call.constant('pattern');
  if (!(pattern instanceof VrlRegex)) return objectOfKind(OPTIONAL_STRING);
  const known = new Map<string, Kind>();
  if (call.constant('numeric_groups') !== false) {
    for (let group = 0; group < pattern.groupNames.length; group++) known.set(String(group), OPTIONAL_STRING);
  }
  for (const name of pattern.groupNames) {
    if (name !== null) known.set(name, STRING);
  }
  return objectOfKind(NEVER, known);
}

/** The groups of a match; with `numericGroups` also those that took part, numbered in order, as "0", "1", ... */
function groupsOf(match: RegexMatch, names: readonly (string | null)[], numericGroups: boolean): VrlObject {
  const groups = emptyObject();
  if (numericGroups) {
    let number = 0;
    for (const group of match) {
      if (group !== undefined) groups[number++] = group;
    }
  }
  for (let group = 1; group < names.length; group++) {
    const name = names[group];
    if (name !== null && name !== undefined) groups[name] = match[group] ?? null;
  }
  return groups;
}

const parseRegex = define({
  name: 'parse_regex',
  params: [text('value'), regex('pattern'), withDefault(boolean('numeric_groups'), false)],
  returns: matchKind,
  fallible: true,
  fresh: true,
  run: (value, pattern, numericGroups) => {
    const match = pattern.exec(value);
    if (match === null) throw fail('could not find any pattern matches');
    return groupsOf(match, pattern.groupNames, numericGroups);
  },
});

const parseRegexAll = define({
  name: 'parse_regex_all',
  params: [any('value'), regex('pattern'), withDefault(boolean('numeric_groups'), false)],
  returns: (call) => arrayOf(union(matchKind(call), NULL)),
  fallible: true,
  fresh: true,
  run: (value, pattern, numericGroups) => {
    const matches: VrlValue[] = [];
    for (const match of matchAll(pattern, stringText(value))) {
      matches.push(groupsOf(match, pattern.groupNames, numericGroups));
    }
    return matches;
  },
});

/** The text of a value that must be a string. */
function stringText(value: VrlValue): string {
  if (kindBitOf(value) !== KindBit.string) throw wrongKind(KindBit.string, value);
  return textOf(value as VrlString);
}

export const functions: readonly FunctionDefinition[] = [parseRegex, parseRegexAll];
