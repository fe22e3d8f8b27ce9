import type { FieldColumn, RecordBatch } from '../record';

/** Limits on what has been handed to the engine and is not yet durable. */
export interface InFlightLimits {
  readonly bytes: number;
  readonly records: number;
}

/** A sixth of the 400 MB that the process may use, counted as UTF-16 code units of the values: batches, not the store's copies. */
const MAX_BYTES_IN_FLIGHT = 64 * 1024 * 1024;
/** A second's worth at full speed: what a disk that stalls for a moment may hold up. */
const MAX_RECORDS_IN_FLIGHT = 200_000;

export const DEFAULT_IN_FLIGHT_LIMITS: InFlightLimits = { bytes: MAX_BYTES_IN_FLIGHT, records: MAX_RECORDS_IN_FLIGHT };

/**
 * This share of the limits keeps the store writing without a pause (4 MiB, at 20 ms a commit 200 MB/s): who can wait unseen reads
 * no further. More would only lengthen the queue.
 */
const BUSY_SHARE = 1 / 16;

/** Taken up by a row beside its values: its slots in the columns and its timestamp. */
const BYTES_PER_ROW = 64;

/** Counts what is in flight. Once full or busy, it stays so until half is free, so that senders don't stop and go all the time. */
export class InFlight {
  #bytes = 0;
  #records = 0;
  readonly #full: Level;
  readonly #busy: Level;

  constructor(limits: InFlightLimits) {
    this.#full = new Level(limits.bytes, limits.records);
    this.#busy = new Level(limits.bytes * BUSY_SHARE, limits.records * BUSY_SHARE);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#records;
  }

  /** No room: records are refused. */
  get full(): boolean {
    return this.#full.reached;
  }

  /** Enough to keep the store writing: who can wait without refusing reads no further. Always true when full. */
  get busy(): boolean {
    return this.#busy.reached;
  }

  /** Counts a batch in; one batch may go beyond the limits. */
  enter(bytes: number, records: number): void {
    this.#bytes += bytes;
    this.#records += records;
    this.#full.rise(this.#bytes, this.#records);
    this.#busy.rise(this.#bytes, this.#records);
  }

  /** Counts a batch out. */
  leave(bytes: number, records: number): void {
    this.#bytes -= bytes;
    this.#records -= records;
    this.#full.fall(this.#bytes, this.#records);
    this.#busy.fall(this.#bytes, this.#records);
  }
}

/** Reached from the limits on, until half of both is free. */
class Level {
  reached = false;
  readonly #bytes: number;
  readonly #records: number;

  constructor(bytes: number, records: number) {
    this.#bytes = bytes;
    this.#records = records;
  }

  rise(bytes: number, records: number): void {
    if (bytes >= this.#bytes || records >= this.#records) this.reached = true;
  }

  fall(bytes: number, records: number): void {
    if (bytes <= this.#bytes / 2 && records <= this.#records / 2) this.reached = false;
  }
}

/** About what a batch takes up in memory, in bytes; values that rows share count once for each row. */
export function batchBytes(batch: RecordBatch): number {
  let bytes = batch.length * BYTES_PER_ROW;
  for (let c = 0; c < batch.columns.length; c++) {
    const column = batch.columns[c] as FieldColumn;
    for (let row = 0; row < column.length; row++) {
      const value = column[row];
      if (value !== undefined) bytes += value.length;
    }
  }
  return bytes;
}
