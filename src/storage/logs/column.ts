/**
 * The values of one field over the rows of a journal batch or a segment, as they were stored. Strings are only made
 * when a value is asked for; a dictionary lets a filter look at each distinct value once.
 */
export type Column = ConstantColumn | DictionaryColumn | PlainColumn;

/** Every row has the same value. */
export class ConstantColumn {
  readonly kind = 'constant';

  constructor(
    readonly length: number,
    readonly constant: string,
  ) {}

  value(_row: number): string | undefined {
    return this.constant;
  }
}

/** Few distinct values: code 0 means that the record has no such field, code n stands for `dictionary[n - 1]`. */
export class DictionaryColumn {
  readonly kind = 'dictionary';

  constructor(
    readonly dictionary: readonly string[],
    readonly codes: Uint8Array | Uint16Array,
  ) {}

  get length(): number {
    return this.codes.length;
  }

  value(row: number): string | undefined {
    const code = this.codes[row] as number;
    return code === 0 ? undefined : this.dictionary[code - 1];
  }
}

/** All values one after the other in one text. */
export class PlainColumn {
  readonly kind = 'plain';
  #offsets: Uint32Array | undefined;

  /** @param sizes for each row 0 when the record has no such field, else the value's length in UTF-16 units plus one */
  constructor(
    readonly text: string,
    readonly sizes: Uint32Array,
  ) {}

  get length(): number {
    return this.sizes.length;
  }

  /** Where each row's value starts in `text`; one entry more than there are rows. */
  get offsets(): Uint32Array {
    if (this.#offsets !== undefined) return this.#offsets;
    const offsets = new Uint32Array(this.sizes.length + 1);
    let position = 0;
    for (let row = 0; row < this.sizes.length; row++) {
      const size = this.sizes[row] as number;
      if (size > 0) position += size - 1;
      offsets[row + 1] = position;
    }
    this.#offsets = offsets;
    return offsets;
  }

  value(row: number): string | undefined {
    if (this.sizes[row] === 0) return undefined;
    const offsets = this.offsets;
    return this.text.substring(offsets[row] as number, offsets[row + 1] as number);
  }
}
