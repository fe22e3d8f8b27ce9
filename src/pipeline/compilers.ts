import type { RecordBatch, RecordFields } from '../record';

/** How a filter reads the fields of the record at hand. */
export interface FieldLookup {
  /** The field's value, undefined when the record has no such field. */
  get(name: string): string | undefined;
  /** Names of all fields that the record has. */
  names(): string[];
}

/** A compiled switch condition. */
export interface RecordFilter {
  /** Whether the record is let through; throws when the filter fails on this record. */
  test(lookup: FieldLookup): boolean;
}

/** Compiles a condition; throws with the position as `offset` when it can't. */
export type FilterCompiler = (source: string) => RecordFilter;

/** A compiled transformer. */
export interface Transformer {
  /**
   * The records that one record becomes, none to many; it may change `fields`.
   * Throws an error named `VrlAbort` to drop the record by intent, anything else when it fails.
   */
  run(fields: RecordFields): RecordFields[];
}

/** Compiles a transformer's script; throws when it can't. */
export type TransformerCompiler = (source: string) => Transformer;

/** Where forwarder nodes put their records. */
export interface ForwarderSink {
  /** Resolves once the batch is durable in the delivery queue of the forwarder. The batch must not be changed afterwards. */
  append(forwarder: string, batch: RecordBatch): Promise<void>;
  /** Whether `append` would refuse a batch for want of room. Asked before anything of a run is written. */
  isFull?(forwarder: string): boolean;
}
