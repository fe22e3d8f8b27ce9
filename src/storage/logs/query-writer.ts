import type { LogQuery, RecordId } from '../log-store';
import type { Column } from './column';
import type { QueryUnit } from './query-unit';

/** A row that belongs to the answer. */
export interface MatchedRow {
  readonly timestamp: number;
  readonly sequence: number;
  readonly unit: QueryUnit;
  readonly row: number;
}

/** Renders matched rows as the JSON text of an array of records, or as a record a line; fields are in code unit order of their names. */
export class QueryWriter {
  readonly #parts: string[] = [];
  readonly ids: RecordId[] = [];
  readonly #fields: readonly string[] | undefined;
  readonly #lines: boolean;
  readonly #renderers = new Map<QueryUnit, FieldRenderer[]>();
  #length = 0;

  constructor(fields: readonly string[] | undefined, format: LogQuery['format']) {
    this.#fields = fields;
    this.#lines = format === 'lines';
  }

  /** UTF-16 units written so far. */
  get length(): number {
    return this.#length;
  }

  async write(match: MatchedRow): Promise<void> {
    let renderers = this.#renderers.get(match.unit);
    if (renderers === undefined) {
      renderers = await this.#renderersOf(match.unit);
      this.#renderers.set(match.unit, renderers);
    }
    let text = `{"timestamp":"${new Date(match.timestamp).toISOString()}","fields":{`;
    let first = true;
    for (const renderer of renderers) {
      const value = renderer.json(match.row);
      if (value === undefined) continue;
      text += first ? renderer.firstKey + value : renderer.nextKey + value;
      first = false;
    }
    text += this.#lines ? '}}\n' : '}}';
    this.#parts.push(text);
    this.#length += text.length;
    this.ids.push({ timestamp: match.timestamp, sequence: match.sequence });
  }

  /** Frees what was kept of a unit that has no more rows in the answer. */
  forget(unit: QueryUnit): void {
    this.#renderers.delete(unit);
  }

  finish(): Uint8Array<ArrayBuffer> {
    const text = this.#lines ? this.#parts.join('') : `[${this.#parts.join(',')}]`;
    return new TextEncoder().encode(text);
  }

  async #renderersOf(unit: QueryUnit): Promise<FieldRenderer[]> {
    const columns = await unit.columns(this.#fields);
    const wanted = this.#fields === undefined ? undefined : new Set(this.#fields);
    return [...columns]
      .filter(([name]) => wanted === undefined || wanted.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, column]) => new FieldRenderer(name, column));
  }
}

/** One field of one unit as JSON; a dictionary's values are rendered once. */
class FieldRenderer {
  readonly firstKey: string;
  readonly nextKey: string;
  readonly #column: Column;
  readonly #byCode: string[] = [];
  readonly #constant: string | undefined;

  constructor(name: string, column: Column) {
    this.firstKey = `${JSON.stringify(name)}:`;
    this.nextKey = `,${this.firstKey}`;
    this.#column = column;
    if (column.kind === 'constant') this.#constant = JSON.stringify(column.constant);
  }

  json(row: number): string | undefined {
    if (this.#constant !== undefined) return this.#constant;
    const column = this.#column;
    if (column.kind === 'dictionary') {
      const code = column.codes[row] as number;
      if (code === 0) return undefined;
      return (this.#byCode[code] ??= JSON.stringify(column.dictionary[code - 1]));
    }
    const value = column.value(row);
    return value === undefined ? undefined : JSON.stringify(value);
  }
}
