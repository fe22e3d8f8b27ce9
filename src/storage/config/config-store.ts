/** What the config store keeps by name. The bodies are texts the store does not look into. */
export type ItemKind =
  /** Flow graph, JSON. */
  | 'pipeline'
  /** VRL script. */
  | 'transformer'
  /** Forwarder with its version and configuration, JSON; encrypted at rest. */
  | 'forwarder'
  /** Provider of logins, JSON; encrypted at rest. */
  | 'auth_provider';

export interface ConfigItem {
  readonly name: string;
  readonly body: string;
  /** Unique in the store and rising with each write, so that it serves as ETag even when a name is used again. */
  readonly revision: number;
  /** Milliseconds since the Unix epoch. */
  readonly updatedAt: number;
}

/** Settings of the whole service, as `/system-configuration` shows them. */
export interface SystemConfiguration {
  /** IP addresses and CIDR blocks that may send syslog; empty: everybody. */
  readonly syslog_allowed_origins: readonly string[];
  /** Roles of users that an auth provider brings in. */
  readonly default_roles: readonly string[];
}

/** What a committed write changed. The system configuration has the empty name. */
export interface ConfigChange {
  readonly kind: ItemKind | 'system_configuration';
  readonly name: string;
}

/** An item of somewhere else, in any version of its format. */
export type ForeignItem = Pick<ConfigItem, 'name' | 'body'> & { readonly kind: ItemKind };

export interface WriteCondition {
  /** Writes only when the item has this revision now; 0: only when there is no such item. */
  readonly ifRevision?: number;
}

/**
 * Pipelines, transformers, forwarders, auth providers and the system configuration. Every write is one transaction.
 *
 * All methods reject with StorageError when the database fails.
 */
export interface ConfigStore {
  /** Names in code unit order. */
  list(kind: ItemKind): Promise<string[]>;
  /** All items of a kind, in code unit order of the names. @throws ConfigError `WRONG_SECRET_KEY` */
  listItems(kind: ItemKind): Promise<ConfigItem[]>;
  /** @throws ConfigError `WRONG_SECRET_KEY` when the body was encrypted with another key than this one */
  get(kind: ItemKind, name: string): Promise<ConfigItem | undefined>;
  /** Creates or replaces an item. @throws ConfigError `INVALID_NAME`, `REVISION_MISMATCH` */
  save(kind: ItemKind, name: string, body: string, condition?: WriteCondition): Promise<ConfigItem>;
  /** False when there was no such item. @throws ConfigError `REVISION_MISMATCH` */
  delete(kind: ItemKind, name: string, condition?: WriteCondition): Promise<boolean>;

  /** What was saved last, or the defaults: everybody may send, new users are viewers. */
  systemConfiguration(): Promise<SystemConfiguration>;
  /** Replaces it as a whole. @throws ConfigError `INVALID_SYSTEM_CONFIGURATION` (names the bad origin or role) */
  updateSystemConfiguration(configuration: SystemConfiguration): Promise<void>;

  /**
   * Calls back after each commit; the write's promise resolves after the listener's, so that a change is in effect when
   * it is acknowledged. Returns the function that ends it.
   */
  onChange(listener: (change: ConfigChange) => void | Promise<void>): () => void;

  /** True once {@link markBootstrapped} was called on this database, in this or an earlier run. */
  isBootstrapped(): Promise<boolean>;
  markBootstrapped(): Promise<void>;

  /** Writes a consistent copy of the database to a new file with mode 0600; what is encrypted stays so. */
  backup(file: string): Promise<void>;
  /** Looks at a file as {@link restore} would, and changes nothing. @throws what {@link restore} throws */
  checkBackup(file: string): Promise<void>;
  /**
   * Replaces everything by the content of a backup, in one transaction, then tells listeners of each item that is new,
   * changed or gone. The file is brought to the newest schema on the way.
   * @throws StorageError `CORRUPT_DATA`, `UNSUPPORTED_FORMAT`; ConfigError `WRONG_SECRET_KEY`
   */
  restore(file: string): Promise<void>;
  /**
   * Replaces all items of some kinds by others, in one transaction, and tells listeners as {@link restore} does. Everything else
   * stays as it is.
   * @throws StorageError `CORRUPT_DATA` for an item that could not have been saved here
   */
  replaceItems(kinds: readonly ItemKind[], items: readonly ForeignItem[]): Promise<void>;

  close(): Promise<void>;
}
