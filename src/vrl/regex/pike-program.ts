import type { Assertion, ClassNode, RegexNode } from './tree';

/** One instruction of a compiled pattern; `next` is the index of the one that follows. */
export type Instruction =
  | { readonly op: 'class'; readonly set: ClassNode; readonly index: number; next: number }
  /** Tries `next` before `other`. */
  | { readonly op: 'split'; next: number; other: number }
  | { readonly op: 'save'; readonly slot: number; next: number }
  | { readonly op: 'assert'; readonly assertion: Assertion; next: number }
  | { readonly op: 'jump'; next: number }
  | { readonly op: 'match' };

/** A pattern as instructions for {@link PikeMachine}; counted repetitions are written out. */
export class PikeProgram {
  readonly instructions: Instruction[] = [];
  #classes = 0;

  constructor(root: RegexNode) {
    this.#emit({ op: 'save', slot: 0, next: 1 });
    this.#compile(root);
    this.#emit({ op: 'save', slot: 1, next: this.#here + 1 });
    this.instructions.push({ op: 'match' });
  }

  get #here(): number {
    return this.instructions.length;
  }

  #emit<I extends Instruction>(instruction: I): I {
    this.instructions.push(instruction);
    return instruction;
  }

  #compile(node: RegexNode): void {
    switch (node.type) {
      case 'empty':
        return;
      case 'class':
        this.#emit({ op: 'class', set: node.set, index: this.#classes++, next: this.#here + 1 });
        return;
      case 'assertion':
        this.#emit({ op: 'assert', assertion: node.assertion, next: this.#here + 1 });
        return;
      case 'group':
        if (node.index === undefined) return this.#compile(node.body);
        this.#emit({ op: 'save', slot: 2 * node.index, next: this.#here + 1 });
        this.#compile(node.body);
        this.#emit({ op: 'save', slot: 2 * node.index + 1, next: this.#here + 1 });
        return;
      case 'sequence':
        for (const part of node.parts) this.#compile(part);
        return;
      case 'alternatives':
        return this.#alternatives(node.options);
      case 'repeat':
        return this.#repeat(node);
    }
  }

  #alternatives(options: readonly RegexNode[]): void {
    const jumps: { next: number }[] = [];
    options.forEach((option, i) => {
      if (i === options.length - 1) return this.#compile(option);
      const split = this.#emit({ op: 'split', next: this.#here + 1, other: 0 });
      this.#compile(option);
      jumps.push(this.#emit({ op: 'jump', next: 0 }));
      split.other = this.#here;
    });
    for (const jump of jumps) jump.next = this.#here;
  }

  #repeat(node: RegexNode & { readonly type: 'repeat' }): void {
    for (let i = 0; i < node.min; i++) this.#compile(node.body);
    if (node.max === Infinity) {
      const split = this.#split(node.greedy);
      this.#compile(node.body);
      this.#emit({ op: 'jump', next: split.at });
      split.leave(this.#here);
      return;
    }
    const splits = [];
    for (let i = node.min; i < node.max; i++) {
      splits.push(this.#split(node.greedy));
      this.#compile(node.body);
    }
    for (const split of splits) split.leave(this.#here);
  }

  /** A choice between the body that comes next and a place to be set by `leave`. */
  #split(greedy: boolean): { readonly at: number; leave(target: number): void } {
    const at = this.#here;
    const split = this.#emit({ op: 'split', next: at + 1, other: at + 1 });
    return {
      at,
      leave: (target) => {
        if (greedy) split.other = target;
        else split.next = target;
      },
    };
  }
}
