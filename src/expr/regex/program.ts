import { alphabetWork, MAX_ALPHABET_WORK } from './alphabet';
import type { CodeRanges } from './code-ranges';
import { PatternError } from './pattern-error';
import type { Assertion, PatternNode } from './tree';

/** Most steps a pattern may have once its counted repeats are written out. */
const MAX_STEPS = 20_000;

export type Step =
  | { readonly kind: 'match' }
  | { readonly kind: 'class'; readonly set: number }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  /** Goes on behind itself and at `other`. */
  | { readonly kind: 'split'; other: number }
  | { readonly kind: 'jump'; to: number };

/** A pattern as a nondeterministic machine; step 0 is the first, what follows a step is the next unless it says so. */
export interface Program {
  readonly steps: readonly Step[];
  /** The sets that class steps name by index. */
  readonly sets: readonly CodeRanges[];
  readonly assertions: ReadonlySet<Assertion>;
}

/** @throws PatternError when the pattern is too large. */
export function compileProgram(root: PatternNode): Program {
  const builder = new ProgramBuilder();
  builder.add(root);
  return builder.finish();
}

class ProgramBuilder {
  readonly #steps: Step[] = [];
  readonly #sets: CodeRanges[] = [];
  readonly #setIndex = new Map<string, number>();
  readonly #assertions = new Set<Assertion>();

  finish(): Program {
    this.#push({ kind: 'match' });
    if (alphabetWork(this.#sets) > MAX_ALPHABET_WORK) throw new PatternError('expression too large', '', 0);
    return { steps: this.#steps, sets: this.#sets, assertions: this.#assertions };
  }

  add(node: PatternNode): void {
    switch (node.kind) {
      case 'empty':
        return;
      case 'class':
        this.#push({ kind: 'class', set: this.#setOf(node.ranges) });
        return;
      case 'assertion':
        this.#assertions.add(node.assertion);
        this.#push({ kind: 'assertion', assertion: node.assertion });
        return;
      case 'sequence':
        for (const part of node.parts) this.add(part);
        return;
      case 'choice':
        this.#choice(node.options);
        return;
      case 'repeat':
        this.#repeat(node.body, node.min, node.max);
    }
  }

  #choice(options: readonly PatternNode[]): void {
    const ends: { kind: 'jump'; to: number }[] = [];
    for (const [at, option] of options.entries()) {
      if (at === options.length - 1) {
        this.add(option);
        break;
      }
      const split: Step = { kind: 'split', other: 0 };
      this.#push(split);
      this.add(option);
      const end: Step = { kind: 'jump', to: 0 };
      this.#push(end);
      ends.push(end);
      split.other = this.#steps.length;
    }
    for (const end of ends) end.to = this.#steps.length;
  }

  #repeat(body: PatternNode, min: number, max: number): void {
    for (let count = 0; count < min; count++) this.add(body);
    if (max === Infinity) {
      const start = this.#steps.length;
      const split: Step = { kind: 'split', other: 0 };
      this.#push(split);
      this.add(body);
      this.#push({ kind: 'jump', to: start });
      split.other = this.#steps.length;
      return;
    }
    const splits: { kind: 'split'; other: number }[] = [];
    for (let count = min; count < max; count++) {
      const split: Step = { kind: 'split', other: 0 };
      this.#push(split);
      splits.push(split);
      this.add(body);
    }
    for (const split of splits) split.other = this.#steps.length;
  }

  #setOf(ranges: CodeRanges): number {
    const key = ranges.join();
    const known = this.#setIndex.get(key);
    if (known !== undefined) return known;
    this.#setIndex.set(key, this.#sets.length);
    return this.#sets.push(ranges) - 1;
  }

  #push(step: Step): void {
    if (this.#steps.length >= MAX_STEPS) throw new PatternError('expression too large', '', 0);
    this.#steps.push(step);
  }
}
