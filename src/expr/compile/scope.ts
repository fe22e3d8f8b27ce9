import type { StaticType } from '../types/static-type';

/** A value that is kept in a slot of the frame. */
export interface SlotVariable {
  readonly slot: number;
  readonly type: StaticType;
}

/** What `#`, `#index` and `#acc` mean inside one predicate. */
export interface PredicateScope {
  readonly element: SlotVariable;
  readonly index: SlotVariable | undefined;
  readonly accumulator: SlotVariable | undefined;
}

/** Names that are declared around the node being compiled. */
export class Scope {
  readonly #variables = new Map<string, SlotVariable>();
  readonly #predicates: PredicateScope[] = [];
  #slots = 0;

  slot(type: StaticType): SlotVariable {
    return { slot: this.#slots++, type };
  }

  variable(name: string): SlotVariable | undefined {
    return this.#variables.get(name);
  }

  declare(name: string, variable: SlotVariable): void {
    this.#variables.set(name, variable);
  }

  remove(name: string): void {
    this.#variables.delete(name);
  }

  get predicate(): PredicateScope | undefined {
    return this.#predicates.at(-1);
  }

  enter(predicate: PredicateScope): void {
    this.#predicates.push(predicate);
  }

  leave(): void {
    this.#predicates.pop();
  }
}
