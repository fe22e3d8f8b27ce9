/** How a forwarder delivers, whatever its type: the key `delivery` of its document, defaults filled in. */
export interface DeliverySettings {
  /** Most records that are offered at once. */
  readonly batch_size: number;
  /** Most bytes of field values that are offered at once; a single record may be larger. */
  readonly batch_bytes: number;
  /** Milliseconds that records wait for others to fill a batch. */
  readonly linger_ms: number;
  /** Milliseconds after which a destination that does not answer counts as down. */
  readonly timeout_ms: number;
  /** Batches under way at once; above 1 records may arrive in another order. */
  readonly concurrency: number;
  readonly retry: RetrySettings;
  readonly queue: {
    /** MB (1024 × 1024 bytes) on disk. */
    readonly max_mb: number;
    readonly when_full: 'block' | 'drop_oldest' | 'drop_newest';
  };
  /** MB of dead letters that are kept; above it the oldest go. */
  readonly dead_letters: { readonly max_mb: number };
}

export interface RetrySettings {
  /** Longest pause after the first failure, in milliseconds; each further failure multiplies it. */
  readonly initial_ms: number;
  readonly multiplier: number;
  /** No pause is longer, in milliseconds, unless the destination asks for it. */
  readonly max_ms: number;
  /** Seconds after which a record that was not taken becomes a dead letter; 0: never. */
  readonly max_age: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const YEAR_SECONDS = 365 * 86_400;
const MIB = 1024 * 1024;
const TIB_IN_MIB = MIB;

/**
 * What applies where a document says nothing: batches of some hundred records, half a second at most for one to fill, pauses up to
 * half a minute, and nothing given up or dropped.
 */
export const DELIVERY_DEFAULTS: DeliverySettings = {
  batch_size: 500,
  batch_bytes: MIB,
  linger_ms: 500,
  timeout_ms: 30_000,
  concurrency: 1,
  retry: { initial_ms: 500, multiplier: 2, max_ms: 30_000, max_age: 0 },
  queue: { max_mb: 1024, when_full: 'block' },
  dead_letters: { max_mb: 100 },
};

/**
 * JSON schema of {@link DeliverySettings}; every key has its default.
 */
export const DELIVERY_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    batch_size: { type: 'integer', minimum: 1, maximum: 10_000, default: DELIVERY_DEFAULTS.batch_size },
    batch_bytes: { type: 'integer', minimum: 1024, maximum: 64 * MIB, default: DELIVERY_DEFAULTS.batch_bytes },
    linger_ms: { type: 'integer', minimum: 0, maximum: HOUR_MS, default: DELIVERY_DEFAULTS.linger_ms },
    timeout_ms: { type: 'integer', minimum: 100, maximum: HOUR_MS, default: DELIVERY_DEFAULTS.timeout_ms },
    concurrency: { type: 'integer', minimum: 1, maximum: 64, default: DELIVERY_DEFAULTS.concurrency },
    retry: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        initial_ms: { type: 'integer', minimum: 1, maximum: HOUR_MS, default: DELIVERY_DEFAULTS.retry.initial_ms },
        multiplier: { type: 'number', minimum: 1, maximum: 10, default: DELIVERY_DEFAULTS.retry.multiplier },
        max_ms: { type: 'integer', minimum: 1, maximum: 24 * HOUR_MS, default: DELIVERY_DEFAULTS.retry.max_ms },
        max_age: { type: 'integer', minimum: 0, maximum: YEAR_SECONDS, default: DELIVERY_DEFAULTS.retry.max_age },
      },
    },
    queue: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        max_mb: { type: 'number', exclusiveMinimum: 0, maximum: TIB_IN_MIB, default: DELIVERY_DEFAULTS.queue.max_mb },
        when_full: {
          type: 'string',
          enum: ['block', 'drop_oldest', 'drop_newest'],
          default: DELIVERY_DEFAULTS.queue.when_full,
        },
      },
    },
    dead_letters: {
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        max_mb: {
          type: 'number',
          exclusiveMinimum: 0,
          maximum: TIB_IN_MIB,
          default: DELIVERY_DEFAULTS.dead_letters.max_mb,
        },
      },
    },
  },
} as const;
