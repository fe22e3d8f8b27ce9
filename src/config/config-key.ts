/** A value that a configuration key can hold; undefined is a key of a list's element that is not set. */
export type ConfigValue = string | number | undefined | readonly string[] | readonly object[];

/** One setting: what it accepts, what it is without being set, and what the reference says about it. */
export interface ConfigKey<Value extends ConfigValue> {
  readonly kind: 'key';
  /** Type and constraints for people, such as `whole number of bytes, 480 to 16777216`. */
  readonly type: string;
  readonly default: Value;
  /** Sentences for the configuration file and the reference. */
  readonly description: string;
  /** The value must never be printed. */
  readonly secret: boolean;
  /** The value is a file or folder; relative ones count from the working directory. */
  readonly path: boolean;
  /**
   * Reads what a file (a scalar or a list), a variable or a flag (text) holds.
   * @throws InvalidValue when the input is not allowed
   */
  readonly read: (input: unknown) => Value;
  /** For lists of sections: the keys that an element may have, for the reference. */
  readonly elementKeys?: Readonly<Record<string, AnyConfigKey>>;
  /** For values that hold paths somewhere inside: the same value with absolute ones. */
  resolvePaths?(value: Value, resolvePath: (path: string) => string): Value;
}

/** A named group of settings. */
export interface ConfigSection<Children extends ConfigChildren = ConfigChildren> {
  readonly kind: 'section';
  readonly description: string;
  readonly children: Children;
}

/** What stands below a section, by name. */
export interface ConfigChildren {
  // The value type of a key is only known to the schema that makes it; readers treat all of them alike.
  readonly [name: string]: AnyConfigKey | ConfigSection;
}

/** A key of whatever value type. */
export type AnyConfigKey = ConfigKey<ConfigValue>;

/** The plain object that a section (or the value that a key) becomes once loaded. */
export type ConfigOf<Node> =
  Node extends ConfigKey<infer Value>
    ? Value
    : Node extends ConfigSection<infer Children>
      ? { readonly [Name in keyof Children]: ConfigOf<Children[Name]> }
      : never;

/** Where in a value something is: list indexes and names of keys, from the outside in. */
export type ValuePath = readonly (string | number)[];

/** One thing that a key does not accept. */
export interface ValueProblem {
  readonly path: ValuePath;
  /** What is allowed, such as `expected a whole number`; never repeats the input. */
  readonly expectation: string;
  /** The offending part of the input may be shown. */
  readonly showInput: boolean;
}

/** An input that a key does not accept. */
export class InvalidValue extends Error {
  readonly code = 'INVALID_VALUE';
  override readonly name = 'InvalidValue';
  readonly problems: readonly ValueProblem[];

  /** @param expectation what is allowed, or all that is wrong inside of the value */
  constructor(expectation: string | readonly ValueProblem[], path: ValuePath = []) {
    const problems = typeof expectation === 'string' ? [{ path, expectation, showInput: true }] : expectation;
    super(problems.map((problem) => problem.expectation).join('; '));
    this.problems = problems;
  }
}

/** The value with its paths made absolute; empty text stays empty. */
export function withAbsolutePaths(
  key: AnyConfigKey,
  value: ConfigValue,
  resolvePath: (path: string) => string,
): ConfigValue {
  if (key.path && typeof value === 'string' && value !== '') return resolvePath(value);
  return key.resolvePaths === undefined ? value : key.resolvePaths(value, resolvePath);
}

/** A key with its place in the configuration. */
export interface ConfigEntry {
  /** Dotted path, such as `syslog.udp.bind`. */
  readonly path: string;
  /** Environment variable, such as `LOGWEIR_SYSLOG_UDP_BIND`. */
  readonly variable: string;
  readonly key: AnyConfigKey;
}

/** What the name of every variable of the configuration begins with. */
export const VARIABLE_PREFIX = 'LOGWEIR_';

/**
 * Name of the environment variable that sets a key.
 *
 * @example
 * variableName('syslog.udp.bind'); // 'LOGWEIR_SYSLOG_UDP_BIND'
 */
export function variableName(path: string): string {
  return VARIABLE_PREFIX + path.replaceAll('.', '_').toUpperCase();
}

/** All keys below a section, by path, in the order of the schema. */
export function listEntries(section: ConfigSection, parent = ''): Map<string, ConfigEntry> {
  const entries = new Map<string, ConfigEntry>();
  for (const [name, child] of Object.entries(section.children)) {
    const path = parent === '' ? name : `${parent}.${name}`;
    if (child.kind === 'key') {
      entries.set(path, { path, variable: variableName(path), key: child });
    } else {
      for (const [childPath, entry] of listEntries(child, path)) entries.set(childPath, entry);
    }
  }
  return entries;
}
