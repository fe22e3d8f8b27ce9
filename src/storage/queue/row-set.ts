const BITS = 8;

/** Which rows of an entry are done with: one bit a row. */
export class RowSet {
  readonly #rows: number;
  readonly #bits: Uint8Array;
  #size = 0;

  /**
   * @param rows rows of the entry
   * @param bits what {@link toBytes} gave before
   */
  constructor(rows: number, bits?: Uint8Array) {
    this.#rows = rows;
    this.#bits = new Uint8Array(Math.ceil(rows / BITS));
    if (bits === undefined) return;
    this.#bits.set(bits.subarray(0, this.#bits.length));
    for (let row = 0; row < rows; row++) if (this.has(row)) this.#size++;
  }

  /** How many rows are in the set. */
  get size(): number {
    return this.#size;
  }

  has(row: number): boolean {
    return ((this.#bits[row >> 3] as number) & (1 << (row & 7))) !== 0;
  }

  add(row: number): void {
    if (this.has(row)) return;
    this.#bits[row >> 3] = (this.#bits[row >> 3] as number) | (1 << (row & 7));
    this.#size++;
  }

  /** A set of its own with the same rows. */
  copy(): RowSet {
    return new RowSet(this.#rows, this.#bits);
  }

  /** A copy to be stored. */
  toBytes(): Uint8Array {
    return this.#bits.slice();
  }
}
