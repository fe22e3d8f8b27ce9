import type { FunctionDefinition, Host } from '../stdlib/definition';
import type { Span } from '../syntax/source';
import type { Expression } from '../syntax/tree';
import { nearest } from '../types/nearest-name';
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

/** Mistaken names of one program that a better one is looked for. */
const MAX_SUGGESTIONS = 20;

/** What the parts of the checker share while one program is checked. */
export class CheckContext {
  readonly findings: Finding[] = [];
  readonly state = new TypeState();
  /** Targets (see {@link targetKey}) whose value did not pass the check; using them says nothing new. */
  readonly broken = new Set<string>();
  /** Failures in the root expression at hand that nothing has handled so far. */
  readonly pending: Finding[] = [];
  readonly #slots = new Map<string, number>();
  #suggestionsLeft = MAX_SUGGESTIONS;

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

  /** The name that a wrong one may have been meant for; only for the first mistakes, comparing names costs. */
  suggest(name: string, candidates: readonly string[]): readonly string[] {
    if (this.#suggestionsLeft-- <= 0) return [];
    const similar = nearest(name, candidates);
    return similar === undefined ? [] : [`did you mean \`${similar}\`?`];
  }

  /**
   * Runs a part of the check whose own report covers all unhandled failures in it.
   *
   * @param reports does it report anything? Otherwise what is unhandled (in a closure of it) stays so.
   */
  handlingFailures<T>(part: () => T, reports: (result: T) => boolean = () => true): T {
    const before = this.pending.length;
    let isCovered = true;
    try {
      const result = part();
      isCovered = reports(result);
      return result;
    } finally {
      if (isCovered) this.pending.length = before;
    }
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
