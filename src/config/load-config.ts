import { resolve } from 'node:path';
import { checkCombinations } from './check-combinations';
import { ConfigError, type ConfigSource } from './config-error';
import { withAbsolutePaths, type ConfigSection, type ConfigValue } from './config-key';
import { readConfigFile } from './read-file';
import { readEnvironment, type Environment } from './read-environment';
import { readFlags, type ConfigFlags } from './read-flags';
import { CONFIG_ENTRIES, CONFIG_SCHEMA, type Config } from './schema';
import { emptyReading, type Setting } from './settings';

/** Where to look for settings. */
export interface ConfigInput {
  readonly flags: ConfigFlags;
  readonly env: Environment;
  /** Relative paths, in settings as well, count from here. */
  readonly cwd: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Which source each key's value came from. */
  readonly sources: ReadonlyMap<string, ConfigSource>;
  /** Things that work but are probably not meant, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Puts the configuration together: a flag wins over an environment variable, that over the file, that over the default.
 * The file is the one that `--config` or LOGWEIR_CONFIG names; without either there is none.
 *
 * @throws ConfigError with everything that is wrong in any source, also in settings that another source overrides
 *
 * @example
 * loadConfig({ flags: { set: ['http.bind=:8080'] }, env: {}, cwd: '/srv' }).config.http.bind; // ':8080'
 */
export function loadConfig({ flags, env, cwd }: ConfigInput): LoadedConfig {
  const file = flags.config ?? (env['LOGWEIR_CONFIG'] || undefined);
  const fromFile = file === undefined ? emptyReading() : readConfigFile(resolve(cwd, file), file);
  const fromEnvironment = readEnvironment(env);
  const fromFlags = readFlags(flags);
  const settings = new Map([...fromFile.settings, ...fromEnvironment.settings, ...fromFlags.settings]);
  const problems = [...fromFile.problems, ...fromEnvironment.problems, ...fromFlags.problems];

  const config = buildConfig(settings, cwd);
  const combinations = checkCombinations(config, settings);
  problems.push(...combinations.problems);
  if (problems.length > 0) throw new ConfigError(problems);

  const sources = new Map<string, ConfigSource>();
  for (const path of CONFIG_ENTRIES.keys()) sources.set(path, settings.get(path)?.source ?? 'default');
  return { config, sources, warnings: combinations.warnings };
}

function buildConfig(settings: ReadonlyMap<string, Setting>, cwd: string): Config {
  const values = new Map<string, ConfigValue>();
  for (const [path, { key }] of CONFIG_ENTRIES) {
    const value = settings.get(path)?.value ?? key.default;
    values.set(
      path,
      withAbsolutePaths(key, value, (file) => resolve(cwd, file)),
    );
  }
  // Without a certificate there is no TLS listener, whatever its address.
  if (values.get('syslog.tls.cert') === '' || values.get('syslog.tls.key') === '') values.set('syslog.tls.bind', 'off');
  // The schema gives both the values their types and `Config` its shape.
  return buildSection(CONFIG_SCHEMA, '', values) as Config;
}

function buildSection(section: ConfigSection, parent: string, values: ReadonlyMap<string, ConfigValue>): object {
  const built: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(section.children)) {
    const path = parent === '' ? name : `${parent}.${name}`;
    built[name] = child.kind === 'section' ? buildSection(child, path, values) : values.get(path);
  }
  return Object.freeze(built);
}
