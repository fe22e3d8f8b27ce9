import type { LookupFunction as NetLookupFunction } from 'node:net';
import type { Destination } from './destination';

/** What a destination may use of the service. */
export interface DestinationContext {
  /** The forwarder's name, for messages. */
  readonly forwarder: string;
  /** Milliseconds after which a silent destination counts as down. */
  readonly timeoutMs: number;
  /**
   * Addresses of a host that the destination policy allows; every connection goes to one of them, so that a name can't
   * change its address between the check and the connection. The form of `dns.lookup`, as `net.connect`, `http.Agent`
   * and others take it under the name `lookup`. IP addresses as host names pass through {@link checkHost} instead.
   */
  readonly lookup: LookupFunction;
  /** @throws PermanentFailure when the policy forbids a host that is an IP address; names are left to `lookup` */
  readonly checkHost: (host: string) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  /** How many records wait behind those that are offered; not there when a record is only tried. */
  readonly waiting?: () => number;
  /** What the destination has to know after a restart; not there when a record is only tried. */
  readonly memory?: DestinationMemory;
}

/** A text that outlives the process. */
export interface DestinationMemory {
  /** @throws StorageError */
  read(): Promise<string | undefined>;
  /** Resolves once it is on disk. @throws StorageError */
  write(text: string): Promise<void>;
}

/** `net.LookupFunction`, without its room for other callbacks. */
export type LookupFunction = NetLookupFunction;

/** A place in a configuration: keys and indexes, `*` for every element or value. */
export type ConfigPath = readonly string[];

/** The same, where an expression stands for every key that matches it. */
export type ConfigPattern = readonly (string | RegExp)[];

/**
 * A kind of destination: one file in `types/`, listed in `types/index.ts`.
 *
 * `schema` is checked before anything else sees a configuration; `check` holds what a schema can't say.
 */
export interface ForwarderType<Config extends { readonly type: string }> {
  /** The value of `config.type`. */
  readonly type: string;
  /** JSON schema (draft 7, ajv) of the whole configuration, `type` included. Unknown keys are refused; defaults are filled in. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Records that are offered at once where a document says nothing; without it the same for all types. */
  readonly batchSize?: number;
  /** Values that are written and never shown. */
  readonly secrets: readonly ConfigPattern[];
  /**
   * Values that decide who gets the secrets: where a connection goes and whose certificate is trusted. When one of them changes,
   * the secrets that are stored are not used again. Passwords in URLs among them are never shown either.
   */
  readonly secretsGoTo: readonly ConfigPath[];
  /** Values that are dynamic fields: a text, or `@expr:` and an expression. They are compiled before the forwarder is saved. */
  readonly templates: readonly ConfigPath[];
  /** What is wrong beyond the schema, each with its path in the configuration. */
  check?(config: Config): readonly ConfigProblem[];
  /** Delivers nothing yet: connections are made by the first `send`. */
  open(config: Config, context: DestinationContext): Destination;
}

/** Something that is wrong with a configuration. */
export interface ConfigProblem {
  /** Dotted path below `config`, such as `headers.Authorization`. */
  readonly path: string;
  /** What is wrong and what is allowed. */
  readonly message: string;
}
