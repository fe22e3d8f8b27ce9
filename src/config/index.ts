export { formatBind, parseBind, type Bind } from './bind';
export { ConfigError, formatProblem, type ConfigProblem, type ConfigSource } from './config-error';
export type { ConfigEntry, ConfigKey, ConfigSection, ConfigValue } from './config-key';
export { loadConfig, type ConfigInput, type LoadedConfig } from './load-config';
export type { ConfigFlags } from './read-flags';
export { renderConfigFile } from './render-config-file';
export { CONFIG_ENTRIES, CONFIG_SCHEMA, DENIED_NETWORKS, type Config, type SyslogListenerConfig } from './schema';
