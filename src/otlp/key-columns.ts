import { NO_COLUMN, type RecordColumns } from './record-columns';
import { sameBytes } from './same-bytes';
import { utf8Text } from './utf8-text';

/** Slots of the table of keys, a power of two: several times the attributes of a typical record. */
const SLOTS = 256;
const EMPTY = -1;

/**
 * Columns of attribute keys as they stand in a message: most records repeat the keys of the one before, so a key is
 * found by its bytes without becoming a string. A key that is not in its slot takes the way over its name and replaces
 * what is there, so keys made to collide cost no more than new ones.
 */
export class KeyColumns {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #columns: RecordColumns;
  readonly #prefix: string;
  readonly #starts = new Int32Array(SLOTS);
  readonly #lengths = new Int32Array(SLOTS).fill(EMPTY);
  readonly #columnOfSlot = new Int32Array(SLOTS);

  constructor(bytes: Buffer, view: DataView, columns: RecordColumns, prefix: string) {
    this.#bytes = bytes;
    this.#view = view;
    this.#columns = columns;
    this.#prefix = prefix;
  }

  /** Column of the field for the key whose bytes are those from `start` up to `end`. */
  column(start: number, end: number): number {
    const bytes = this.#bytes;
    const length = end - start;
    // Keys of one record differ in length or at the ends; what still collides is settled below.
    let hash = length;
    if (length > 0) {
      hash = Math.imul(hash, 31) + (bytes[start] as number);
      hash = Math.imul(hash, 31) + (bytes[start + (length >>> 1)] as number);
      hash = Math.imul(hash, 31) + (bytes[end - 1] as number);
    }
    const slot = (hash ^ (hash >>> 8)) & (SLOTS - 1);
    if (this.#lengths[slot] === length && sameBytes(this.#view, start, this.#starts[slot] as number, length)) {
      return this.#columnOfSlot[slot] as number;
    }
    const column = this.#columns.columnIndex(this.fieldName(start, end));
    // A key without a column has to be refused again for the next record.
    if (column !== NO_COLUMN) {
      this.#starts[slot] = start;
      this.#lengths[slot] = length;
      this.#columnOfSlot[slot] = column;
    }
    return column;
  }

  /** Name of the field for a key. */
  fieldName(start: number, end: number): string {
    return this.#prefix + utf8Text(this.#bytes, start, end);
  }
}
