import { fail } from '../failure';
import { OBJECT } from '../types/kind';
import { textOf } from '../value/bytes';
import { isObject, kindBitOf } from '../value/kind-of';
import { emptyObject, KindBit, type VrlString, type VrlValue } from '../value/value';
import { Rule } from './datadog-grok/rule';
import { RuleError } from './datadog-grok/rule-error';
import { define, type CallSite, type FunctionDefinition } from './definition';
import { FileError } from './files/read-file';
import { JsonSyntaxError, readJson } from './json/json-reader';
import { array, object, text, withDefault } from './parameters';

const parseGroks = define({
  name: 'parse_groks',
  params: [
    text('value'),
    array('patterns', { compileTime: 'array' }),
    withDefault(object('aliases', { compileTime: 'constant' }), emptyObject()),
    withDefault(array('alias_sources', { compileTime: 'array' }), []),
  ],
  returns: OBJECT,
  fallible: true,
  fresh: true,
  prepare: (call) => {
    const aliases = aliasesOf(call);
    const rules = texts(call, 'patterns').map((pattern) => compileRule(call, pattern, aliases));
    return (value) => {
      for (const rule of rules) {
        const fields = rule.parse(value);
        if (fields !== undefined) return fields;
      }
      throw fail('unable to parse grok: value does not match any rule');
    };
  },
});

/** Code of the compile error for a rule that is not valid. */
const INVALID_GROK_PATTERN = 112;

function compileRule(call: CallSite, pattern: string, aliases: ReadonlyMap<string, string>): Rule {
  try {
    return new Rule(pattern, aliases);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw call.reject(INVALID_GROK_PATTERN, error.message);
  }
}

/** The patterns that the call names, those of files first. */
function aliasesOf(call: CallSite): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const path of texts(call, 'alias_sources')) addAliases(call, 'alias_sources', fileOf(call, path), aliases);
  const given = call.constant('aliases');
  if (given !== undefined) addAliases(call, 'aliases', given, aliases);
  return aliases;
}

function addAliases(call: CallSite, keyword: string, value: VrlValue, aliases: Map<string, string>): void {
  if (!isObject(value)) throw call.invalid(keyword, 'aliases must be an object');
  for (const key of Object.keys(value)) {
    const pattern = value[key] as VrlValue;
    if (kindBitOf(pattern) !== KindBit.string) throw call.invalid(keyword, `alias '${key}' should be a string`);
    aliases.set(key, textOf(pattern as VrlString));
  }
}

function fileOf(call: CallSite, path: string): VrlValue {
  try {
    return readJson(new TextDecoder().decode(call.host.readFile(path)));
  } catch (error) {
    if (!(error instanceof FileError) && !(error instanceof JsonSyntaxError)) throw error;
    throw call.invalid('alias_sources', `Unable to read alias source '${path}': ${error.message}`);
  }
}

/** The strings of a constant array; none when it is left out. */
function texts(call: CallSite, keyword: string): string[] {
  const value = call.constant(keyword);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw call.invalid(keyword, 'must be an array');
  return value.map((member) => {
    if (kindBitOf(member) !== KindBit.string) throw call.invalid(keyword, 'members must be strings');
    return textOf(member as VrlString);
  });
}

export const functions: readonly FunctionDefinition[] = [parseGroks];
