/** A value that a configuration key can hold. */
export type ConfigValue = string | number | readonly string[];

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
export type AnyConfigKey = ConfigKey<string> | ConfigKey<number> | ConfigKey<readonly string[]>;

/** The plain object that a section (or the value that a key) becomes once loaded. */
export type ConfigOf<Node> =
  Node extends ConfigKey<infer Value>
    ? Value
    : Node extends ConfigSection<infer Children>
      ? { readonly [Name in keyof Children]: ConfigOf<Children[Name]> }
      : never;

/** An input that a key does not accept. The message says what is allowed and never repeats the input. */
export class InvalidValue extends Error {
  readonly code = 'INVALID_VALUE';
  override readonly name = 'InvalidValue';

  constructor(
    /** What is allowed, such as `expected a whole number`. */
    readonly expectation: string,
    /** Which element of a list is meant. */
    readonly index?: number,
  ) {
    super(expectation);
  }
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
