import { CharSet } from './char-set';
import type { ClassNode } from '../../regex/tree';
import { OnigSyntaxError, type OnigNode, type OnigPattern, type PositionTest, type RepeatMode } from './tree';

/** One step of a program; `next` is implied to be the following one unless said otherwise. */
export type Instruction =
  | { readonly op: 'class'; readonly set: CharSet }
  /** Tries `first`, then `second`. */
  | { readonly op: 'split'; first: number; second: number; readonly memo: number }
  | { readonly op: 'jump'; target: number }
  | { readonly op: 'save'; readonly register: number }
  | { readonly op: 'position'; readonly test: PositionTest }
  | { readonly op: 'lookClass'; readonly set: CharSet; readonly behind: boolean; readonly negative: boolean }
  | { readonly op: 'look'; readonly program: Program; readonly behind: Lengths | undefined; readonly negative: boolean }
  | { readonly op: 'atomic'; readonly program: Program }
  | {
      readonly op: 'repeatClass';
      readonly set: CharSet;
      readonly min: number;
      readonly max: number;
      readonly mode: RepeatMode;
      readonly memo: number;
    }
  | { readonly op: 'backreference'; readonly index: number }
  | { readonly op: 'match' };

/** A pattern made for running. */
export interface Program {
  readonly instructions: readonly Instruction[];
  /** Number of instructions that remember where they failed. */
  readonly memos: number;
}

/** How many characters something matches. */
export interface Lengths {
  readonly min: number;
  readonly max: number;
}

/** Instructions of a program with its repetitions written out; some ten times what the largest known pattern takes. */
const MAX_INSTRUCTIONS = 50_000;

/**
 * Compiles a pattern.
 *
 * @throws OnigSyntaxError when it is too large or looks behind without bounds
 */
export function compileProgram(pattern: OnigPattern): Program {
  return new ProgramBuilder({ count: 0 }).build(pattern.root);
}

/** Do matches depend on what groups hold? */
export function hasBackreference(node: OnigNode): boolean {
  return node.type === 'backreference' || children(node).some(hasBackreference);
}

function children(node: OnigNode): readonly OnigNode[] {
  switch (node.type) {
    case 'repeat':
    case 'group':
    case 'atomic':
    case 'look':
      return [node.body];
    case 'sequence':
      return node.parts;
    case 'alternatives':
      return node.options;
    default:
      return [];
  }
}

class ProgramBuilder {
  readonly #instructions: Instruction[] = [];
  readonly #size: { count: number };
  #memos = 0;

  constructor(size: { count: number }) {
    this.#size = size;
  }

  build(node: OnigNode): Program {
    this.#add(node);
    this.#emit({ op: 'match' });
    return { instructions: this.#instructions, memos: this.#memos };
  }

  #emit<I extends Instruction>(instruction: I): I {
    if (++this.#size.count > MAX_INSTRUCTIONS) throw new OnigSyntaxError('pattern is too large');
    this.#instructions.push(instruction);
    return instruction;
  }

  get #here(): number {
    return this.#instructions.length;
  }

  #split(): Instruction & { op: 'split' } {
    return this.#emit({ op: 'split', first: 0, second: 0, memo: this.#memos++ });
  }

  #add(node: OnigNode): void {
    switch (node.type) {
      case 'empty':
        return;
      case 'class':
        this.#emit({ op: 'class', set: charSet(node.set) });
        return;
      case 'position':
        this.#emit({ op: 'position', test: node.test });
        return;
      case 'sequence':
        for (const part of node.parts) this.#add(part);
        return;
      case 'alternatives':
        this.#alternatives(node.options);
        return;
      case 'group':
        if (node.index !== undefined) this.#emit({ op: 'save', register: 2 * node.index });
        this.#add(node.body);
        if (node.index !== undefined) this.#emit({ op: 'save', register: 2 * node.index + 1 });
        return;
      case 'repeat':
        this.#repeat(node);
        return;
      case 'atomic':
        this.#emit({ op: 'atomic', program: this.#subProgram(node.body) });
        return;
      case 'look':
        this.#look(node);
        return;
      case 'backreference':
        this.#emit({ op: 'backreference', index: node.index });
    }
  }

  #subProgram(node: OnigNode): Program {
    return new ProgramBuilder(this.#size).build(node);
  }

  #alternatives(options: readonly OnigNode[]): void {
    const exits: (Instruction & { op: 'jump' })[] = [];
    options.forEach((option, i) => {
      if (i === options.length - 1) {
        this.#add(option);
        return;
      }
      const split = this.#split();
      split.first = this.#here;
      this.#add(option);
      exits.push(this.#emit({ op: 'jump', target: 0 }));
      split.second = this.#here;
    });
    for (const exit of exits) exit.target = this.#here;
  }

  #repeat(node: OnigNode & { type: 'repeat' }): void {
    const { body, min, max, mode } = node;
    if (body.type === 'class') {
      this.#emit({ op: 'repeatClass', set: charSet(body.set), min, max, mode, memo: this.#memos++ });
      return;
    }
    if (mode === 'possessive') {
      this.#emit({ op: 'atomic', program: this.#subProgram({ ...node, mode: 'greedy' }) });
      return;
    }
    for (let i = 0; i < min; i++) this.#add(body);
    if (max === Infinity) {
      const split = this.#split();
      const back = this.#here - 1;
      this.#branch(split, mode, () => {
        this.#add(body);
        this.#emit({ op: 'jump', target: back });
      });
      return;
    }
    const splits: (Instruction & { op: 'split' })[] = [];
    for (let i = min; i < max; i++) {
      const split = this.#split();
      splits.push(split);
      if (mode === 'greedy') split.first = this.#here;
      else split.second = this.#here;
      this.#add(body);
    }
    for (const split of splits) {
      if (mode === 'greedy') split.second = this.#here;
      else split.first = this.#here;
    }
  }

  /** Fills in a split whose one way goes through what `inside` emits, and the other way behind that. */
  #branch(split: Instruction & { op: 'split' }, mode: RepeatMode, inside: () => void): void {
    const start = this.#here;
    inside();
    if (mode === 'greedy') [split.first, split.second] = [start, this.#here];
    else [split.first, split.second] = [this.#here, start];
  }

  #look(node: OnigNode & { type: 'look' }): void {
    const { body, behind, negative } = node;
    if (body.type === 'class') {
      this.#emit({ op: 'lookClass', set: charSet(body.set), behind, negative });
      return;
    }
    const lengths = behind ? lengthsOf(body) : undefined;
    if (lengths?.max === Infinity) throw new OnigSyntaxError('invalid pattern in look-behind');
    this.#emit({ op: 'look', program: this.#subProgram(body), behind: lengths, negative });
  }
}

/** Characters that a node may match. */
function lengthsOf(node: OnigNode): Lengths {
  switch (node.type) {
    case 'class':
      return { min: 1, max: 1 };
    case 'group':
    case 'atomic':
      return lengthsOf(node.body);
    case 'repeat': {
      const body = lengthsOf(node.body);
      return { min: body.min * node.min, max: body.max === 0 ? 0 : body.max * node.max };
    }
    case 'sequence':
      return node.parts.map(lengthsOf).reduce((a, b) => ({ min: a.min + b.min, max: a.max + b.max }));
    case 'alternatives':
      return node.options
        .map(lengthsOf)
        .reduce((a, b) => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) }));
    case 'backreference':
      return { min: 0, max: Infinity };
    default:
      return { min: 0, max: 0 };
  }
}

const charSets = new WeakMap<ClassNode, CharSet>();

/** The set of a class; one for all its copies. */
function charSet(node: ClassNode): CharSet {
  let set = charSets.get(node);
  if (set === undefined) {
    set = new CharSet(node);
    charSets.set(node, set);
  }
  return set;
}
