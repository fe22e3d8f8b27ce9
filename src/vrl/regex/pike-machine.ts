import { spendInRun } from '../limits';
import type { RegexMatch } from '../value/value';
import { EDGE, holds, sideOf, type Side } from './assertions';
import { classHas } from './class-sets';
import { matchOf, noCaptures, type Captures } from './match-parts';
import type { Instruction, PikeProgram } from './pike-program';
import type { ClassNode } from './tree';

/** Threads in order of preference; a thread is an instruction with its captures. */
class ThreadList {
  readonly #at: Int32Array;
  readonly instructions: Int32Array;
  readonly captures: Captures[] = [];
  size = 0;

  constructor(capacity: number) {
    this.#at = new Int32Array(capacity);
    this.instructions = new Int32Array(capacity);
  }

  has(instruction: number): boolean {
    const at = this.#at[instruction] as number;
    return at < this.size && this.instructions[at] === instruction;
  }

  add(instruction: number, captures: Captures): void {
    this.#at[instruction] = this.size;
    this.instructions[this.size] = instruction;
    this.captures[this.size++] = captures;
  }
}

const NO_CODE_POINT = -1;

/** Threads moved over a character that count as one step of a program, and those from one look at the limit to the next. */
const WORK_PER_STEP = 4;
const WORK_PER_LOOK = 4096;

/**
 * Runs a pattern by following all its possibilities at once: the time is bounded by pattern size times text length,
 * whatever the two are. Some ten times slower than the engine's own backtracking, so it is for the patterns on which
 * that may take forever.
 */
export class PikeMachine {
  readonly #instructions: readonly Instruction[];
  readonly #groups: number;
  #current: ThreadList;
  #next: ThreadList;
  readonly #latin1: (Uint8Array | undefined)[] = [];

  constructor(program: PikeProgram, groups: number) {
    this.#instructions = program.instructions;
    this.#groups = groups;
    this.#current = new ThreadList(program.instructions.length);
    this.#next = new ThreadList(program.instructions.length);
  }

  /** The leftmost match at or after `from`, by the preferences of the pattern. */
  exec(text: string, from: number): RegexMatch | null {
    let found: Captures | undefined;
    let position = from;
    let work = 0;
    this.#current.size = 0;
    for (;;) {
      // A new attempt at every position, until something is found further left.
      if (found === undefined) this.#follow(this.#current, 0, noCaptures(this.#groups), text, position);
      work += this.#current.size;
      if (work >= WORK_PER_LOOK) {
        spendInRun(work / WORK_PER_STEP);
        work = 0;
      }
      const codePoint = position < text.length ? (text.codePointAt(position) as number) : NO_CODE_POINT;
      const after = position + (codePoint > 0xffff ? 2 : 1);
      found = this.#step(codePoint, after, text) ?? found;
      [this.#current, this.#next] = [this.#next, this.#current];
      if (position >= text.length || (found !== undefined && this.#current.size === 0)) break;
      position = after;
    }
    return found === undefined ? null : matchOf(text, found, this.#groups);
  }

  /** Moves all threads over a character; the captures of the preferred one that is through, if any. */
  #step(codePoint: number, after: number, text: string): Captures | undefined {
    const { instructions, captures, size } = this.#current;
    this.#next.size = 0;
    for (let i = 0; i < size; i++) {
      const instruction = this.#instructions[instructions[i] as number] as Instruction;
      // Threads behind this one are less preferred.
      if (instruction.op === 'match') return captures[i];
      if (instruction.op === 'class' && codePoint !== NO_CODE_POINT && this.#matches(instruction, codePoint)) {
        this.#follow(this.#next, instruction.next, captures[i] as Captures, text, after);
      }
    }
    return undefined;
  }

  #matches(instruction: Instruction & { readonly op: 'class' }, codePoint: number): boolean {
    if (codePoint > 255) return classHas(instruction.set, codePoint);
    const members = (this.#latin1[instruction.index] ??= membersOf(instruction.set));
    return members[codePoint] === 1;
  }

  /** Adds the threads that an instruction leads to without taking a character. */
  #follow(list: ThreadList, start: number, captures: Captures, text: string, position: number): void {
    const stack: (readonly [number, Captures])[] = [[start, captures]];
    for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
      const [index, held] = entry;
      if (list.has(index)) continue;
      list.add(index, held);
      const instruction = this.#instructions[index] as Instruction;
      switch (instruction.op) {
        case 'jump':
          stack.push([instruction.next, held]);
          break;
        case 'split':
          stack.push([instruction.other, held], [instruction.next, held]);
          break;
        case 'save': {
          const saved = held.slice();
          saved[instruction.slot] = position;
          stack.push([instruction.next, saved]);
          break;
        }
        case 'assert':
          if (holds(instruction.assertion, ...sidesAt(text, position))) stack.push([instruction.next, held]);
          break;
        default:
      }
    }
  }
}

function membersOf(set: ClassNode): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, c) => (classHas(set, c) ? 1 : 0));
}

/** What assertions see on both sides of a position. */
function sidesAt(text: string, position: number): readonly [Side, Side] {
  const unit = text.charCodeAt(position - 1);
  const start = position - (unit >= 0xdc00 && unit <= 0xdfff && position > 1 ? 2 : 1);
  const before = position > 0 ? sideOf(text.codePointAt(start) as number) : EDGE;
  return [before, position < text.length ? sideOf(text.codePointAt(position) as number) : EDGE];
}
