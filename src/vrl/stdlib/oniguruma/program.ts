import type { ClassNode } from '../../regex/tree';
import { CharSet } from './char-set';
import { OnigSyntaxError, type OnigNode, type OnigPattern, type PositionTest, type RepeatMode } from './tree';

/** What an instruction does. */
export const Op = {
  /** Takes one character of `set`. */
  class: 0,
  /** Goes on at `a`, and when that fails at `b`. */
  split: 1,
  /** Goes on at `a`. */
  jump: 2,
  /** Keeps the position in register `a`. */
  save: 3,
  /** Asks for a place in the text: `a` is a {@link Place}. */
  position: 4,
  /** Looks at one character ahead, or behind when `behind`. */
  lookClass: 5,
  /** Looks ahead with `program`, or behind at what has `a` to `b` characters. */
  look: 6,
  /** Takes what `program` finds first and never goes back into it. */
  atomic: 7,
  /** Takes `a` to `b` characters of `set`. */
  repeatClass: 8,
  /** Takes what group `a` holds. */
  backreference: 9,
  match: 10,
} as const;

export const Place = {
  textStart: 0,
  textEnd: 1,
  textEndOrLastBreak: 2,
  lineStart: 3,
  lineEnd: 4,
  wordBoundary: 5,
  notWordBoundary: 6,
} as const satisfies Readonly<Record<PositionTest, number>>;

export const Mode = { greedy: 0, lazy: 1, possessive: 2 } as const satisfies Readonly<Record<RepeatMode, number>>;

const NO_CHARACTERS = new CharSet({ type: 'ranges', set: [] });

/**
 * One step of a program; the following one comes next unless said otherwise. One class for all, so that the engine finds
 * the members always in the same place (measured: half the time of a search with a type each).
 */
export class Instruction {
  a = 0;
  b = 0;
  mode = 0;
  /** Number among the instructions that remember where they failed. */
  memo = 0;
  behind = false;
  negative = false;
  program: Program | undefined = undefined;
  constructor(
    readonly op: number,
    readonly set: CharSet = NO_CHARACTERS,
  ) {}
}

/** A pattern made for running. */
export interface Program {
  readonly instructions: readonly Instruction[];
  /** Number of instructions that remember where they failed. */
  readonly memos: number;
  /** Does it, or a program in it, change registers? */
  readonly captures: boolean;
}

/** How many characters something matches. */
interface Lengths {
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
    this.#emit(Op.match);
    const captures = this.#instructions.some(({ op, program }) => op === Op.save || program?.captures === true);
    return { instructions: this.#instructions, memos: this.#memos, captures };
  }

  #emit(op: number, members: Partial<Instruction> = {}, set?: CharSet): Instruction {
    this.#grow();
    const instruction = Object.assign(new Instruction(op, set), members);
    this.#instructions.push(instruction);
    return instruction;
  }

  #grow(): void {
    if (++this.#size.count > MAX_INSTRUCTIONS) throw new OnigSyntaxError('pattern is too large');
  }

  get #here(): number {
    return this.#instructions.length;
  }

  #split(): Instruction {
    return this.#emit(Op.split, { memo: this.#memos++ });
  }

  #add(node: OnigNode): void {
    switch (node.type) {
      case 'empty':
        return;
      case 'class':
        this.#emit(Op.class, {}, charSet(node.set));
        return;
      case 'position':
        this.#emit(Op.position, { a: Place[node.test] });
        return;
      case 'sequence':
        for (const part of node.parts) this.#add(part);
        return;
      case 'alternatives':
        this.#alternatives(node.options);
        return;
      case 'group':
        if (node.index !== undefined) this.#emit(Op.save, { a: 2 * node.index });
        this.#add(node.body);
        if (node.index !== undefined) this.#emit(Op.save, { a: 2 * node.index + 1 });
        return;
      case 'repeat':
        this.#repeat(node);
        return;
      case 'atomic':
        this.#emit(Op.atomic, { program: this.#subProgram(node.body) });
        return;
      case 'look':
        this.#look(node);
        return;
      case 'backreference':
        this.#emit(Op.backreference, { a: node.index });
    }
  }

  #subProgram(node: OnigNode): Program {
    return new ProgramBuilder(this.#size).build(node);
  }

  #alternatives(options: readonly OnigNode[]): void {
    const exits: Instruction[] = [];
    options.forEach((option, i) => {
      if (i === options.length - 1) {
        this.#add(option);
        return;
      }
      const split = this.#split();
      split.a = this.#here;
      this.#add(option);
      exits.push(this.#emit(Op.jump));
      split.b = this.#here;
    });
    for (const exit of exits) exit.a = this.#here;
  }

  #repeat(node: OnigNode & { type: 'repeat' }): void {
    const { body, min, max, mode } = node;
    if (body.type === 'class') {
      this.#emit(Op.repeatClass, { a: min, b: max, mode: Mode[mode], memo: this.#memos++ }, charSet(body.set));
      return;
    }
    if (mode === 'possessive') {
      this.#emit(Op.atomic, { program: this.#subProgram({ ...node, mode: 'greedy' }) });
      return;
    }
    for (let i = 0; i < min; i++) {
      // Counted even when the body adds nothing, so that repetitions of nothing end as well.
      this.#grow();
      this.#add(body);
    }
    if (max === Infinity) {
      const split = this.#split();
      const back = this.#here - 1;
      this.#branch(split, mode, () => {
        this.#add(body);
        this.#emit(Op.jump, { a: back });
      });
      return;
    }
    const splits: Instruction[] = [];
    for (let i = min; i < max; i++) {
      const split = this.#split();
      splits.push(split);
      if (mode === 'greedy') split.a = this.#here;
      else split.b = this.#here;
      this.#add(body);
    }
    for (const split of splits) {
      if (mode === 'greedy') split.b = this.#here;
      else split.a = this.#here;
    }
  }

  /** Fills in a split whose one way goes through what `inside` emits, and the other way behind that. */
  #branch(split: Instruction, mode: RepeatMode, inside: () => void): void {
    const start = this.#here;
    inside();
    if (mode === 'greedy') [split.a, split.b] = [start, this.#here];
    else [split.a, split.b] = [this.#here, start];
  }

  #look(node: OnigNode & { type: 'look' }): void {
    const { body, behind, negative } = node;
    if (body.type === 'class') {
      this.#emit(Op.lookClass, { behind, negative }, charSet(body.set));
      return;
    }
    const { min, max } = behind ? lengthsOf(body) : { min: 0, max: 0 };
    if (max === Infinity) throw new OnigSyntaxError('invalid pattern in look-behind');
    this.#emit(Op.look, { program: this.#subProgram(body), a: min, b: max, behind, negative });
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
