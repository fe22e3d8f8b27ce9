export { bootstrapConfig, type BootstrapConfigOptions } from './bootstrap-config';
export { ConfigError, type ConfigErrorCode } from './config-error';
export type {
  ConfigChange,
  ConfigItem,
  ConfigStore,
  ForeignItem,
  ItemKind,
  SystemConfiguration,
  WriteCondition,
} from './config-store';
export { openConfigStore, type ConfigStoreOptions } from './knex-config-store';
export { SecretBox } from './secret-box';
export { DEFAULT_SYSTEM_CONFIGURATION, isOrigin } from './system-configuration';
