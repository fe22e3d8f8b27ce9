import type { FunctionDefinition, Host } from '../stdlib/definition';
import type { Span } from '../syntax/source';
import type { Expression } from '../syntax/tree';
import { CheckStopped, type Finding } from './diagnostic';
import type { ReadOnlyPaths } from './read-only';
import type { Typed } from './typed';
import { TypeState } from './type-state';

export interface CheckOptions {
  readonly functions: ReadonlyMap<string, FunctionDefinition>;
  readonly timezone: string;
  readonly host: Host;
  readonly readOnlyPaths: ReadOnlyPaths;
}

/** What the parts of the checker share while one program is checked. */
export class CheckContext {
  readonly findings: Finding[] = [];
  readonly state = new TypeState();
  /** Variables whose assignment was refused; using them says nothing new. */
  readonly broken = new Set<string>();
  /** The first unhandled failure of the root expression at hand. */
  pending: Finding | undefined;
  readonly #slots = new Map<string, number>();

  constructor(
    readonly options: CheckOptions,
    /** Checks any expression; the parts of the checker call each other through it. */
    readonly check: (expression: Expression) => Typed,
    readonly byteSpan: (span: Span) => Span,
  ) {}

  /** Reports an error and gives up on the root expression. */
  stop(finding: Finding): never {
    this.findings.push(finding);
    throw new CheckStopped();
  }

  /** A variable's place at run time; variables of one name share it. */
  slotOf(name: string): number {
    let slot = this.#slots.get(name);
    if (slot === undefined) {
      slot = this.#slots.size;
      this.#slots.set(name, slot);
    }
    return slot;
  }

  get slotCount(): number {
    return this.#slots.size;
  }
}
