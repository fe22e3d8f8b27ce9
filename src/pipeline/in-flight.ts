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

/** Taken up by a row beside its values: its slots in the columns and its timestamp. */
const BYTES_PER_ROW = 64;

/** Counts what is in flight. Once full, it stays so until half is free, so that senders don't stop and go all the time. */
export class InFlight {
  readonly #limits: InFlightLimits;
  #bytes = 0;
  #records = 0;
  #full = false;

  constructor(limits: InFlightLimits) {
    this.#limits = limits;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#records;
  }

  get full(): boolean {
    return this.#full;
  }

  /** Counts a batch in; one batch may go beyond the limits. */
  enter(bytes: number, records: number): void {
    this.#bytes += bytes;
    this.#records += records;
    if (this.#bytes >= this.#limits.bytes || this.#records >= this.#limits.records) this.#full = true;
  }

  /** Counts a batch out. */
  leave(bytes: number, records: number): void {
    this.#bytes -= bytes;
    this.#records -= records;
    if (this.#bytes <= this.#limits.bytes / 2 && this.#records <= this.#limits.records / 2) this.#full = false;
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
