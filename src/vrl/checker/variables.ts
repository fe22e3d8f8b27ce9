import type { Kind } from '../types/kind';
import type { VrlValue } from '../value/value';

/** What is known of a variable. */
export interface VariableInfo {
  readonly kind: Kind;
  /** Its value, when the last assignment was of a compile-time constant. */
  readonly constant: VrlValue | undefined;
}

/**
 * What is known of the variables, by name. Copies share one table until one of them changes: most parts of a program
 * change no variable, and copying them all for every branch would take quadratic time.
 */
export class Variables {
  #table: { readonly byName: Map<string, VariableInfo>; owners: number };

  constructor(table = { byName: new Map<string, VariableInfo>(), owners: 1 }) {
    this.#table = table;
  }

  get(name: string): VariableInfo | undefined {
    return this.#table.byName.get(name);
  }

  get names(): readonly string[] {
    return [...this.#table.byName.keys()];
  }

  set(name: string, info: VariableInfo): void {
    this.#ownTable().set(name, info);
  }

  delete(name: string): void {
    this.#ownTable().delete(name);
  }

  copy(): Variables {
    this.#table.owners++;
    return new Variables(this.#table);
  }

  /** Says that this copy is not needed any more, so that another may change the table in place. */
  release(): void {
    this.#table.owners--;
  }

  /** True while neither of two copies has changed. */
  sharesWith(other: Variables): boolean {
    return this.#table === other.#table;
  }

  #ownTable(): Map<string, VariableInfo> {
    if (this.#table.owners > 1) {
      this.#table.owners--;
      this.#table = { byName: new Map(this.#table.byName), owners: 1 };
    }
    return this.#table.byName;
  }
}
