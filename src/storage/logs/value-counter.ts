import type { Column } from './column';
import { MATCH } from './row-filter';

/** Different values that are counted at once, and their size in UTF-16 units: some dozens of MB. */
const MAX_VALUES = 100_000;
const MAX_VALUE_UNITS = 16 * 1024 * 1024;

/** Counts the values of a field in bounded memory. */
export class ValueCounter {
  readonly #maxValues: number;
  readonly #counts = new Map<string, number>();
  #units = 0;
  /** Rows with and without a value. */
  present = 0;
  missing = 0;
  /** True once rare values had to be forgotten. */
  approximate = false;

  constructor(maxValues = MAX_VALUES) {
    this.#maxValues = maxValues;
  }

  /** Counts the rows of a column that `chosen` marks; no column: the field is in none of them. */
  add(column: Column | undefined, chosen: Uint8Array): void {
    switch (column?.kind) {
      case undefined:
        this.missing += marked(chosen);
        return;
      case 'constant':
        this.#count(column.constant, marked(chosen));
        return;
      case 'dictionary': {
        const byCode = new Uint32Array(column.dictionary.length + 1);
        for (let row = 0; row < chosen.length; row++) {
          if (chosen[row] === MATCH)
            byCode[column.codes[row] as number] = (byCode[column.codes[row] as number] ?? 0) + 1;
        }
        this.missing += byCode[0] as number;
        for (let code = 1; code < byCode.length; code++) {
          if ((byCode[code] as number) > 0) this.#count(column.dictionary[code - 1] as string, byCode[code] as number);
        }
        return;
      }
      case 'plain':
        for (let row = 0; row < chosen.length; row++) {
          if (chosen[row] !== MATCH) continue;
          const value = column.value(row);
          if (value === undefined) this.missing++;
          else this.#count(value, 1);
        }
    }
  }

  get distinct(): number {
    return this.#counts.size;
  }

  /** The most frequent values; equally frequent ones in code unit order. */
  top(limit: number): { value: string; count: number }[] {
    return this.#sorted()
      .slice(0, limit)
      .map(([value, count]) => ({ value, count }));
  }

  #count(value: string, count: number): void {
    this.present += count;
    const known = this.#counts.get(value);
    if (known !== undefined) {
      this.#counts.set(value, known + count);
      return;
    }
    // A copy: a part of a text keeps the whole text in memory.
    this.#counts.set(Buffer.from(value, 'utf8').toString('utf8'), count);
    this.#units += value.length;
    if (this.#counts.size > this.#maxValues || this.#units > MAX_VALUE_UNITS) this.#forgetRare();
  }

  /** Forgets the rarer half. */
  #forgetRare(): void {
    const sorted = this.#sorted();
    this.approximate = true;
    for (const [value] of sorted.slice(sorted.length >> 1)) {
      this.#counts.delete(value);
      this.#units -= value.length;
    }
  }

  #sorted(): [value: string, count: number][] {
    return [...this.#counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  }
}

/** How many rows are marked. */
export function marked(chosen: Uint8Array): number {
  let count = 0;
  for (let row = 0; row < chosen.length; row++) if (chosen[row] === MATCH) count++;
  return count;
}
