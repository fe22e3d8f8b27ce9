import { parse } from 'yaml';
import {
  InvalidValue,
  withAbsolutePaths,
  type AnyConfigKey,
  type ConfigKey,
  type ConfigOf,
  type ConfigSection,
  type ConfigValue,
  type ValueProblem,
} from './config-key';
import { base } from './key-types';

/** The settings of a list's element: keys alone, some of which must be set. */
export type ElementKeys = Readonly<Record<string, AnyConfigKey>>;

/** An element of a list as it is loaded. */
export type ElementOf<Keys extends ElementKeys> = ConfigOf<ConfigSection<Keys>>;

/** What a valid value of each key of an element alone cannot tell. */
export type CheckElements<Element> = (elements: readonly Element[]) => readonly Omit<ValueProblem, 'showInput'>[];

/**
 * A list of sections of the same kind, such as listeners. In a variable or a flag the list is YAML or JSON in one line.
 *
 * @param type what it is a list of
 * @param required keys that every element must set
 * @param check finds what is wrong with elements whose keys are all valid
 *
 * @example
 * listKey('networks', { network: networkKey('…'), timezone: timeZoneKey('UTC', '…') }, ['network'], '…');
 */
export function listKey<Keys extends ElementKeys>(
  type: string,
  keys: Keys,
  required: readonly (keyof Keys & string)[],
  description: string,
  check: CheckElements<ElementOf<Keys>> = () => [],
): ConfigKey<readonly ElementOf<Keys>[]> {
  return {
    ...base<readonly ElementOf<Keys>[]>([], description),
    type: `list of ${type}`,
    elementKeys: keys,
    read(input) {
      const items = typeof input === 'string' ? parseList(input) : input;
      if (!Array.isArray(items)) throw new InvalidValue(`expected a list of ${type}`);
      const problems: ValueProblem[] = [];
      // The keys give the values their types.
      const elements = items.map(
        (item: unknown, index) => readElement(item, index, keys, required, problems) as ElementOf<Keys>,
      );
      if (problems.length === 0) {
        for (const problem of check(elements)) problems.push({ ...problem, showInput: false });
      }
      if (problems.length > 0) throw new InvalidValue(problems);
      return Object.freeze(elements);
    },
    resolvePaths(elements, resolvePath) {
      return elements.map((element) => {
        const resolved: Record<string, ConfigValue> = {};
        for (const [name, value] of Object.entries(element as Record<string, ConfigValue>)) {
          resolved[name] = withAbsolutePaths(keys[name] as AnyConfigKey, value, resolvePath);
        }
        return Object.freeze(resolved) as ElementOf<Keys>;
      });
    },
  };
}

/** The same key in an element that may leave it out: what counts then is decided by who uses it. */
export function optional<Value extends ConfigValue>(key: ConfigKey<Value>): ConfigKey<Value | undefined> {
  return { ...key, default: undefined, resolvePaths: undefined };
}

function readElement(
  item: unknown,
  index: number,
  keys: ElementKeys,
  required: readonly string[],
  problems: ValueProblem[],
): object {
  const element: Record<string, ConfigValue> = {};
  for (const [name, key] of Object.entries(keys)) element[name] = key.default;
  const allowed = Object.keys(keys).join(', ');
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    problems.push({ path: [index], expectation: `expected a section with: ${allowed}`, showInput: true });
    return element;
  }
  const missing = new Set(required);
  for (const [name, input] of Object.entries(item)) {
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (key === undefined) {
      const expectation = `unknown key; allowed here: ${allowed}`;
      problems.push({ path: [index, name], expectation, showInput: false });
      continue;
    }
    // A key without a value keeps its default.
    if (input === null) continue;
    missing.delete(name);
    try {
      element[name] = key.read(input);
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      for (const problem of error.problems) problems.push({ ...problem, path: [index, name, ...problem.path] });
    }
  }
  for (const name of missing) {
    problems.push({ path: [index], expectation: `needs the key ${name}`, showInput: false });
  }
  return element;
}

function parseList(text: string): unknown {
  if (text.trim() === '') return [];
  try {
    return parse(text, { prettyErrors: false, maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}
