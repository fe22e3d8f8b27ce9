import type { Knex } from 'knex';
import { backupDatabase, readBackup } from '../backup';
import { hasBootstrapMark, setBootstrapMark } from '../bootstrap-mark';
import { byCodeUnit } from '../code-unit-order';
import { openDatabase } from '../database';
import { StorageError } from '../errors';
import { invalidNameReason } from '../item-name';
import { migrate } from '../migrations';
import { storageErrorFrom } from '../sqlite-error';
import { BodySealer } from './body-sealer';
import { ConfigError } from './config-error';
import type {
  ConfigChange,
  ConfigItem,
  ConfigStore,
  ForeignItem,
  ItemKind,
  SystemConfiguration,
  WriteCondition,
} from './config-store';
import * as itemTable from './item-table';
import { STORED_KINDS, type StoredItem, type StoredKind } from './item-table';
import { CONFIG_MIGRATIONS } from './migrations';
import { checkRestoredItem } from './restored-item';
import type { SecretBox } from './secret-box';
import {
  checkSystemConfiguration,
  DEFAULT_SYSTEM_CONFIGURATION,
  parseSystemConfiguration,
} from './system-configuration';

export interface ConfigStoreOptions {
  /** Encrypts forwarders and auth providers at rest; without it they are stored in clear. */
  readonly secretBox?: SecretBox;
  /** Brings the body of a restored item to the newest version of its format; throws when it cannot be read. */
  readonly convert?: (kind: string, body: string) => string;
  /** Told when a listener of {@link ConfigStore.onChange} throws or rejects; the default is a warning of the process. */
  readonly onListenerError?: (error: unknown) => void;
  /** Milliseconds since the Unix epoch; for tests. */
  readonly now?: () => number;
}

const SYSTEM_CONFIGURATION: StoredKind = 'system_configuration';
/** There is one system configuration, so it needs no name. */
const NO_NAME = '';

type Listener = (change: ConfigChange) => void | Promise<void>;

/**
 * Opens config.db, at the newest schema.
 * @throws StorageError `UNSUPPORTED_FORMAT`, `CORRUPT_DATA`, `STORE_FULL`, `STORE_FAILED`
 * @example
 * const store = await openConfigStore('/var/lib/logweir/config.db', { secretBox: new SecretBox(key) });
 */
export async function openConfigStore(file: string, options: ConfigStoreOptions = {}): Promise<ConfigStore> {
  const database = await openDatabase(file);
  try {
    await migrate(database, CONFIG_MIGRATIONS);
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return new KnexConfigStore(database, options);
}

class KnexConfigStore implements ConfigStore {
  readonly #database: Knex;
  readonly #bodies: BodySealer;
  readonly #onListenerError: (error: unknown) => void;
  readonly #convert: (kind: string, body: string) => string;
  readonly #now: () => number;
  readonly #listeners = new Set<Listener>();
  #closed = false;

  constructor(database: Knex, options: ConfigStoreOptions) {
    this.#database = database;
    this.#bodies = new BodySealer(options.secretBox);
    this.#onListenerError = options.onListenerError ?? warnOfListenerError;
    this.#convert = options.convert ?? ((_kind, body) => body);
    this.#now = options.now ?? Date.now;
  }

  async list(kind: ItemKind): Promise<string[]> {
    const names = await this.#run(`list items (${kind})`, () => itemTable.listNames(this.#database, kind));
    return names.sort(byCodeUnit);
  }

  async listItems(kind: ItemKind): Promise<ConfigItem[]> {
    const items = await this.#run(`list items (${kind})`, () => itemTable.listItems(this.#database, kind));
    return items.map((item) => publicItem(this.#opened(item))).sort((a, b) => byCodeUnit(a.name, b.name));
  }

  async get(kind: ItemKind, name: string): Promise<ConfigItem | undefined> {
    const item = await this.#run(`read an item (${kind})`, () => itemTable.findItem(this.#database, kind, name));
    return item === undefined ? undefined : publicItem(this.#opened(item));
  }

  async save(kind: ItemKind, name: string, body: string, condition: WriteCondition = {}): Promise<ConfigItem> {
    const reason = invalidNameReason(name);
    if (reason !== undefined) {
      throw new ConfigError('INVALID_NAME', `the name of a ${kind} ${reason}`);
    }
    return this.#save(kind, name, body, condition);
  }

  async delete(kind: ItemKind, name: string, condition: WriteCondition = {}): Promise<boolean> {
    const deleted = await this.#change(`delete an item (${kind})`, async (transaction) => {
      await requireRevision(transaction, kind, name, condition);
      return itemTable.removeItem(transaction, kind, name);
    });
    if (deleted) {
      await this.#tell({ kind, name });
    }
    return deleted;
  }

  async systemConfiguration(): Promise<SystemConfiguration> {
    const item = await this.#run('read the system configuration', () =>
      itemTable.findItem(this.#database, SYSTEM_CONFIGURATION, NO_NAME),
    );
    return item === undefined ? DEFAULT_SYSTEM_CONFIGURATION : parseSystemConfiguration(item.body);
  }

  async updateSystemConfiguration(configuration: SystemConfiguration): Promise<void> {
    checkSystemConfiguration(configuration);
    const { syslog_allowed_origins, default_roles } = configuration;
    await this.#save(SYSTEM_CONFIGURATION, NO_NAME, JSON.stringify({ syslog_allowed_origins, default_roles }), {});
  }

  onChange(listener: Listener): () => void {
    // Wrapped, so that one function can listen twice and end each on its own.
    const own: Listener = (change) => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  isBootstrapped(): Promise<boolean> {
    return this.#run('read the state of the first start', () => hasBootstrapMark(this.#database));
  }

  markBootstrapped(): Promise<void> {
    return this.#change('note the end of the first start', setBootstrapMark);
  }

  backup(file: string): Promise<void> {
    return this.#run('back up the configuration', () => backupDatabase(this.#database, file));
  }

  async checkBackup(file: string): Promise<void> {
    await this.#itemsOf(file);
  }

  async restore(file: string): Promise<void> {
    await this.#replace(await this.#itemsOf(file), STORED_KINDS);
  }

  async replaceItems(kinds: readonly ItemKind[], items: readonly ForeignItem[]): Promise<void> {
    const now = this.#now();
    const restored = items.map((item) => this.#converted(checkRestoredItem({ ...item, updated_at: now })));
    await this.#replace(restored, new Set<string>(kinds));
  }

  async close(): Promise<void> {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    this.#listeners.clear();
    await this.#database.destroy();
  }

  async #save(kind: StoredKind, name: string, body: string, condition: WriteCondition): Promise<ConfigItem> {
    const updatedAt = this.#now();
    const stored = { kind, name, body: this.#bodies.seal(kind, name, body), updatedAt };
    const revision = await this.#change(`save an item (${kind})`, async (transaction) => {
      await requireRevision(transaction, kind, name, condition);
      return itemTable.writeItem(transaction, stored);
    });
    await this.#tell({ kind, name });
    return { name, body, revision, updatedAt };
  }

  /** Everything that a backup has, as it would be saved here. */
  async #itemsOf(file: string): Promise<StoredItem[]> {
    const content = await this.#run('read the backup', () =>
      readBackup(file, this.#database, CONFIG_MIGRATIONS, ['items']),
    );
    return (content.get('items') ?? []).map((row) => this.#converted(this.#opened(checkRestoredItem(row))));
  }

  async #replace(restored: readonly StoredItem[], kinds: ReadonlySet<string>): Promise<void> {
    const changes = await this.#change('restore the configuration', (transaction) =>
      this.#replaceIn(transaction, restored, kinds),
    );
    // All at once, so that listeners that look at everything need to do so only once.
    await Promise.all(changes.map((change) => this.#tell(change)));
  }

  /** Items that are the same before and after keep their revision and are not told of. */
  async #replaceIn(
    transaction: Knex.Transaction,
    restored: readonly StoredItem[],
    kinds: ReadonlySet<string>,
  ): Promise<ConfigChange[]> {
    const changes: ConfigChange[] = [];
    const surplus = new Map<string, StoredItem>();
    for (const item of await itemTable.listItems(transaction)) {
      if (kinds.has(item.kind)) surplus.set(keyOf(item), item);
    }
    for (const item of restored) {
      const present = surplus.get(keyOf(item));
      surplus.delete(keyOf(item));
      if (present === undefined || !this.#hasBody(present, item.body)) {
        const body = this.#bodies.seal(item.kind, item.name, item.body);
        await itemTable.writeItem(transaction, { ...item, body });
        changes.push(changeOf(item));
      }
    }
    for (const item of surplus.values()) {
      await itemTable.removeItem(transaction, item.kind, item.name);
      changes.push(changeOf(item));
    }
    return changes;
  }

  /** False as well for an item that the present key does not open: the restored one takes its place. */
  #hasBody(present: StoredItem, body: string): boolean {
    try {
      return this.#opened(present).body === body;
    } catch {
      return false;
    }
  }

  #opened(item: StoredItem): StoredItem {
    return { ...item, body: this.#bodies.open(item.kind, item.name, item.body) };
  }

  #converted(item: StoredItem): StoredItem {
    try {
      return { ...item, body: this.#convert(item.kind, item.body) };
    } catch (error) {
      const what = `the ${item.kind} ${JSON.stringify(item.name)}`;
      throw new StorageError('CORRUPT_DATA', `the backup is damaged: ${what} cannot be read: ${String(error)}`, {
        cause: error,
      });
    }
  }

  async #tell(change: ConfigChange): Promise<void> {
    for (const listener of [...this.#listeners]) {
      try {
        await listener(change);
      } catch (error) {
        // The write is committed: nobody's failure to hear of it may turn it into an error.
        this.#onListenerError(error);
      }
    }
  }

  #change<T>(what: string, change: (transaction: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.#run(what, () => this.#database.transaction(change));
  }

  async #run<T>(what: string, work: () => Promise<T>): Promise<T> {
    if (this.#closed) {
      throw new StorageError('STORE_CLOSED', 'the config store is closed');
    }
    try {
      return await work();
    } catch (error) {
      throw storageErrorFrom(error, `cannot ${what}`);
    }
  }
}

async function requireRevision(
  transaction: Knex.Transaction,
  kind: StoredKind,
  name: string,
  { ifRevision }: WriteCondition,
): Promise<void> {
  if (ifRevision === undefined) {
    return;
  }
  const present = (await itemTable.findItem(transaction, kind, name))?.revision ?? 0;
  if (present !== ifRevision) {
    throw new ConfigError(
      'REVISION_MISMATCH',
      present === 0
        ? `there is no ${kind} ${JSON.stringify(name)}`
        : `the ${kind} ${JSON.stringify(name)} has revision ${present}, not ${ifRevision}`,
    );
  }
}

function publicItem({ name, body, revision, updatedAt }: StoredItem): ConfigItem {
  return { name, body, revision, updatedAt };
}

/** Kinds have no slash, so no two items have the same key. */
function keyOf(item: StoredItem): string {
  return `${item.kind}/${item.name}`;
}

function changeOf(item: StoredItem): ConfigChange {
  // What is in the table is of a kind of the store: nothing else is ever written to it.
  return { kind: item.kind as StoredKind, name: item.name };
}

function warnOfListenerError(error: unknown): void {
  process.emitWarning(`a listener of configuration changes failed: ${String(error)}`);
}
