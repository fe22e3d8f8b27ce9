import { WORD } from '../../regex/unicode';
import { CharSet, isLowSurrogate } from './char-set';
import { Mode, Op, Place, type Instruction, type Program } from './program';

/** Steps after which a search gives up and finds nothing, as Oniguruma does after ten million tries of its own. */
const MAX_STEPS = 10_000_000;

/** Bits of memory that a search may take; beyond (a text of megabytes for a large pattern) it finds nothing. */
const MAX_MEMO_BITS = 2 ** 28;

// Kinds of what is put off: another way from an instruction, a register's old value, further lengths of a repetition.
const BRANCH = 0;
const RESTORE = 1;
const SHORTER = 2;
const LONGER = 3;
/** Numbers that each of them takes on the stack. */
const FRAME = 4;
const FIRST_STACK_SIZE = 1024;

/** A position far from all others. */
const NOWHERE = -1000;

const WORD_SET = new CharSet({ type: 'property', body: WORD });

/**
 * Searches a text by backtracking that never goes the same way twice: where an instruction failed is remembered, so the
 * time is linear in the text (times the size of the program). Look-arounds and atomic groups are searches of their own;
 * a pattern with backreferences cannot remember, so {@link MAX_STEPS} bounds it alone.
 */
export class Search {
  readonly registers: Int32Array;
  readonly #remember: boolean;
  readonly #memories = new Map<Program, Memory>();
  #text = '';
  #steps = 0;
  #stack = new Int32Array(FIRST_STACK_SIZE);
  /** Numbers on the stack. */
  #height = 0;

  /**
   * @param registers number of positions to keep, two a group
   * @param remember false when the pattern has backreferences
   */
  constructor(registers: number, remember: boolean) {
    this.#remember = remember;
    this.registers = new Int32Array(registers);
  }

  /** Finds the first match of a program in a text; its start and end are then in registers 0 and 1. */
  find(program: Program, text: string): boolean {
    if (program.memos * (text.length + 1) > MAX_MEMO_BITS) return false;
    this.#text = text;
    this.#steps = 0;
    this.#height = 0;
    this.registers.fill(-1);
    for (const memory of this.#memories.values()) memory.isCurrent = false;
    for (let start = 0; start <= text.length; start++) {
      if (isLowSurrogate(text.charCodeAt(start))) continue;
      const end = this.#run(program, start, -1);
      if (end !== -1) {
        this.registers[0] = start;
        this.registers[1] = end;
        return true;
      }
      if (this.#steps > MAX_STEPS) return false;
    }
    return false;
  }

  #memoryOf(program: Program): Memory {
    let memory = this.#memories.get(program);
    if (memory === undefined) {
      memory = new Memory(program.memos);
      this.#memories.set(program, memory);
    }
    if (!memory.isCurrent) memory.reset(this.#text.length + 1);
    return memory;
  }

  #push(kind: number, a: number, b: number, c: number): void {
    if (this.#height + FRAME > this.#stack.length) {
      const larger = new Int32Array(this.#stack.length * 2);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    const stack = this.#stack;
    const top = this.#height;
    stack[top] = kind;
    stack[top + 1] = a;
    stack[top + 2] = b;
    stack[top + 3] = c;
    this.#height = top + FRAME;
  }

  /**
   * Runs from a position.
   *
   * @param wantedEnd where the match must end; -1 for anywhere
   * @returns the end of the match, -1 when there is none
   */
  #run(program: Program, start: number, wantedEnd: number): number {
    const text = this.#text;
    const { instructions } = program;
    const memory = this.#memoryOf(program);
    const remember = this.#remember && wantedEnd === -1;
    // A search within a search puts its own on top, and leaves nothing there.
    const base = this.#height;
    let pc = 0;
    let position = start;
    for (;;) {
      let failed = false;
      if (++this.#steps > MAX_STEPS) return this.#giveUp(base);
      const instruction = instructions[pc] as Instruction;
      switch (instruction.op) {
        case Op.class: {
          const width = instruction.set.widthAt(text, position);
          if (width === 0) failed = true;
          else {
            position += width;
            pc++;
          }
          break;
        }
        case Op.split:
          if (remember && memory.visit(instruction.memo, position)) failed = true;
          else {
            this.#push(BRANCH, instruction.b, position, 0);
            pc = instruction.a;
          }
          break;
        case Op.jump:
          pc = instruction.a;
          break;
        case Op.save:
          this.#push(RESTORE, instruction.a, this.registers[instruction.a] as number, 0);
          this.registers[instruction.a] = position;
          pc++;
          break;
        case Op.position:
          if (holdsAt(instruction.a, text, position)) pc++;
          else failed = true;
          break;
        case Op.lookClass: {
          const { set, behind } = instruction;
          const width = behind ? set.widthBefore(text, position) : set.widthAt(text, position);
          if ((width === 0) === instruction.negative) pc++;
          else failed = true;
          break;
        }
        case Op.look:
          if (this.#looks(instruction, position) === instruction.negative) failed = true;
          else pc++;
          break;
        case Op.atomic: {
          const inner = instruction.program as Program;
          const before = inner.captures ? this.registers.slice() : undefined;
          const end = this.#run(inner, position, -1);
          if (end === -1) failed = true;
          else {
            this.#restoreLater(before);
            // What failed behind the group's end may succeed from another start.
            this.#forget(inner);
            position = end;
            pc++;
          }
          break;
        }
        case Op.repeatClass: {
          if (remember && memory.visit(instruction.memo, position)) {
            failed = true;
            break;
          }
          const next = this.#repeatClass(instruction, pc, position, remember ? memory : undefined);
          if (next === -1) failed = true;
          else {
            position = next;
            pc++;
          }
          break;
        }
        case Op.backreference: {
          const from = this.registers[2 * instruction.a] as number;
          const group = text.slice(from, this.registers[2 * instruction.a + 1]);
          if (from === -1 || !text.startsWith(group, position)) failed = true;
          else {
            position += group.length;
            pc++;
          }
          break;
        }
        case Op.match:
          if (wantedEnd === -1 || position === wantedEnd) {
            this.#height = base;
            return position;
          }
          failed = true;
      }
      if (!failed) continue;
      // Go back to what was put off last.
      for (;;) {
        if (this.#height === base) return -1;
        if (++this.#steps > MAX_STEPS) return this.#giveUp(base);
        const stack = this.#stack;
        const top = this.#height - FRAME;
        const kind = stack[top];
        const a = stack[top + 1] as number;
        const b = stack[top + 2] as number;
        const c = stack[top + 3] as number;
        if (kind === RESTORE) {
          this.registers[a] = b;
          this.#height = top;
          continue;
        }
        if (kind === BRANCH) {
          this.#height = top;
          pc = a;
          position = b;
          break;
        }
        const repeat = instructions[a] as Instruction;
        if (remember) memory.failedAt(repeat.memo, isLowSurrogate(text.charCodeAt(b - 1)) ? b - 1 : b, b);
        const step = kind === SHORTER ? repeat.set.widthBefore(text, b) : repeat.set.widthAt(text, b);
        if (b === c || step === 0) {
          this.#height = top;
          continue;
        }
        position = kind === SHORTER ? b - step : b + step;
        stack[top + 2] = position;
        pc = a + 1;
        break;
      }
    }
  }

  #giveUp(base: number): number {
    this.#height = base;
    return -1;
  }

  /** Takes as many characters as wanted first and puts the other lengths off; -1 when there are too few. */
  #repeatClass(instruction: Instruction, pc: number, start: number, memory: Memory | undefined): number {
    const text = this.#text;
    const { set, a: min, b: max, mode, memo } = instruction;
    const least = min === 0 ? start : afterMembers(set, text, start, min);
    if (least === -1) return -1;
    let end: number;
    if (memory !== undefined && max === Infinity) end = memory.runEnd(memo, set, text, least);
    else {
      end = endOfRun(set, text, least, max - min);
      this.#steps += end - start;
    }
    if (mode === Mode.possessive) return end;
    // Lengths that failed before would fail again.
    let first = mode === Mode.lazy ? least : end;
    if (memory !== undefined) first = mode === Mode.lazy ? memory.skipUp(memo, least) : memory.skipDown(memo, end);
    if (first > end || first < least) return -1;
    if (isLowSurrogate(text.charCodeAt(first))) first += mode === Mode.lazy ? 1 : -1;
    if (mode === Mode.lazy && first < end) this.#push(LONGER, pc, first, end);
    if (mode === Mode.greedy && first > least) this.#push(SHORTER, pc, first, least);
    return first;
  }

  #looks(instruction: Instruction, position: number): boolean {
    const { a: min, b: max } = instruction;
    const program = instruction.program as Program;
    const before = program.captures ? this.registers.slice() : undefined;
    let found = false;
    if (!instruction.behind) found = this.#run(program, position, -1) !== -1;
    else {
      let start = position;
      for (let length = 0; length <= max && start >= 0 && !found; length++) {
        if (length >= min) found = this.#run(program, start, position) === position;
        start -= start > 0 && isLowSurrogate(this.#text.charCodeAt(start - 1)) ? 2 : 1;
      }
    }
    if (found) this.#forget(program);
    if (found && !instruction.negative) this.#restoreLater(before);
    else if (before !== undefined) this.registers.set(before);
    return found;
  }

  /** Puts off the old values of registers that a search within this one has changed. */
  #restoreLater(before: Int32Array | undefined): void {
    before?.forEach((value, register) => {
      if (this.registers[register] !== value) this.#push(RESTORE, register, value, 0);
    });
  }

  #forget(program: Program): void {
    if (!this.#remember || program.memos === 0) return;
    this.#steps += (program.memos * this.#text.length) >> 5;
    this.#memoryOf(program).isCurrent = false;
  }
}

/** Position behind a number of members; -1 when there are fewer. */
function afterMembers(set: CharSet, text: string, from: number, count: number): number {
  let position = from;
  for (let i = 0; i < count; i++) {
    const width = set.widthAt(text, position);
    if (width === 0) return -1;
    position += width;
  }
  return position;
}

function endOfRun(set: CharSet, text: string, from: number, max: number): number {
  let position = from;
  for (let count = 0; count < max; count++) {
    const width = set.widthAt(text, position);
    if (width === 0) break;
    position += width;
  }
  return position;
}

function holdsAt(place: number, text: string, position: number): boolean {
  switch (place) {
    case Place.textStart:
      return position === 0;
    case Place.textEnd:
      return position === text.length;
    case Place.textEndOrLastBreak:
      return position === text.length || (position === text.length - 1 && text[position] === '\n');
    case Place.lineStart:
      return position === 0 || text[position - 1] === '\n';
    case Place.lineEnd:
      return position === text.length || text[position] === '\n';
    default: {
      const before = WORD_SET.widthBefore(text, position) > 0;
      const after = WORD_SET.widthAt(text, position) > 0;
      return (before !== after) === (place === Place.wordBoundary);
    }
  }
}

/** Where instructions of one program failed. */
class Memory {
  /** False when it is of another text or start, and must be reset before use. */
  isCurrent = false;
  readonly #memos: number;
  #bits = new Uint32Array(0);
  #positions = 0;
  // For each repetition, positions from low to high behind it of which all are known to fail.
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  /** For each repetition, the last run of its characters: start and end. */
  readonly #runs: Int32Array;

  constructor(memos: number) {
    this.#memos = memos;
    this.#low = new Int32Array(memos);
    this.#high = new Int32Array(memos);
    this.#runs = new Int32Array(2 * memos);
  }

  /** Forgets everything; the text has that many positions. */
  reset(positions: number): void {
    const words = (this.#memos * positions + 31) >> 5;
    if (words > this.#bits.length || words < this.#bits.length / 16) this.#bits = new Uint32Array(words);
    else this.#bits.fill(0, 0, words);
    this.#positions = positions;
    this.#low.fill(NOWHERE);
    this.#high.fill(NOWHERE);
    this.#runs.fill(NOWHERE);
    this.isCurrent = true;
  }

  /** Marks an instruction as tried at a position; true when it was before, and so would fail. */
  visit(memo: number, position: number): boolean {
    const index = memo * this.#positions + position;
    const word = this.#bits[index >> 5] as number;
    const bit = 1 << (index & 31);
    if ((word & bit) !== 0) return true;
    this.#bits[index >> 5] = word | bit;
    return false;
  }

  /** Notes that all positions from low to high behind a repetition fail. */
  failedAt(memo: number, low: number, high: number): void {
    const knownLow = this.#low[memo] as number;
    const knownHigh = this.#high[memo] as number;
    const adjoins = high >= knownLow - 1 && low <= knownHigh + 1;
    this.#low[memo] = adjoins ? Math.min(knownLow, low) : low;
    this.#high[memo] = adjoins ? Math.max(knownHigh, high) : high;
  }

  /** The first position at or after this one that is not known to fail. */
  skipUp(memo: number, position: number): number {
    const high = this.#high[memo] as number;
    return position >= (this.#low[memo] as number) && position <= high ? high + 1 : position;
  }

  /** The last position at or before this one that is not known to fail. */
  skipDown(memo: number, position: number): number {
    const low = this.#low[memo] as number;
    return position >= low && position <= (this.#high[memo] as number) ? low - 1 : position;
  }

  /** End of the run of a set's characters; no part of a run is measured twice. */
  runEnd(memo: number, set: CharSet, text: string, from: number): number {
    const knownStart = this.#runs[2 * memo] as number;
    const knownEnd = this.#runs[2 * memo + 1] as number;
    if (from >= knownStart && from <= knownEnd) return knownEnd;
    let end = from;
    let width = set.widthAt(text, end);
    while (width !== 0 && end !== knownStart) {
      end += width;
      width = set.widthAt(text, end);
    }
    if (end === knownStart) end = knownEnd;
    this.#runs[2 * memo] = from;
    this.#runs[2 * memo + 1] = end;
    return end;
  }
}
