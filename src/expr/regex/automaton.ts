import { Alphabet } from './alphabet';
import { hasCode, type CodeRanges } from './code-ranges';
import { WORD_CODES } from './named-classes';
import type { Program } from './program';
import type { Assertion } from './tree';

/** Cells of the table and entries of kernels kept at most before both are made anew: about 2 MB. */
const MAX_CELLS = 250_000;

/** What a cell of the table holds where it is no state. */
const UNKNOWN = -1;
/** The match is complete, whatever follows. */
const MATCHED = -2;
/** Nothing is under way any more and nothing can begin. */
const DEAD = -3;

/** Largest value of a mark. */
const LAST_MARK = 0xffff_ffff;

/** What stands beside a position, as far as assertions care. */
const EDGE = 0;
const NEWLINE = 1;
const WORD = 2;
const OTHER = 3;

const NEWLINE_CODES: CodeRanges = [10, 10];

interface State {
  /** Steps that the machine stands before, not yet followed through splits and assertions. */
  readonly kernel: readonly number[];
  /** What was read last. */
  readonly before: number;
  /** Whether the text may end here; unknown until first asked. */
  accepts: boolean | undefined;
}

/**
 * Answers whether a pattern occurs in a text in time linear in the text, whatever the pattern: the machine's sets of
 * steps become states of a table on first use.
 */
export class Automaton {
  readonly #program: Program;
  readonly #alphabet: Alphabet;
  /** Of each class of characters: what assertions see in it. */
  readonly #kinds: readonly number[];
  readonly #anchored: boolean;
  readonly #marks: Uint32Array;
  #mark = 0;
  #states: State[] = [];
  /** Of each state, a row of cells: the first cell of the next state's row by class of character. */
  #table = new Int32Array(0);
  #rows = new Map<string, number>();
  #cells = 0;
  /** Counts how often the table was made anew, which makes all rows known before worthless. */
  #generation = 0;

  /** `anchored` promises that the pattern can only match from the start of the text. */
  constructor(program: Program, anchored: boolean) {
    this.#program = program;
    this.#anchored = anchored;
    const kinds = program.assertions.size > 0 ? [NEWLINE_CODES, WORD_CODES] : [];
    this.#alphabet = new Alphabet([...program.sets, ...kinds]);
    this.#kinds = this.#alphabet.samples.map(kindOfCode);
    this.#marks = new Uint32Array(program.steps.length);
  }

  test(text: string): boolean {
    const alphabet = this.#alphabet;
    const { ascii } = alphabet;
    const { length } = text;
    // The first state is always the first row.
    let row = this.#states.length > 0 ? 0 : this.#intern([], EDGE);
    let table = this.#table;
    for (let at = 0; at < length; at++) {
      const unit = text.charCodeAt(at);
      let column: number;
      if (unit < 128) {
        column = ascii[unit] ?? 0;
      } else {
        const code = text.codePointAt(at) ?? unit;
        if (code > 0xffff) at++;
        column = alphabet.classOf(code);
      }
      let target = table[row + column] ?? UNKNOWN;
      if (target < 0) {
        if (target === UNKNOWN) {
          target = this.#step(row, column);
          table = this.#table;
        }
        if (target === MATCHED) return true;
        if (target === DEAD) return false;
      }
      row = target;
    }
    const last = this.#stateOf(row);
    last.accepts ??= this.#close(last, EDGE) === undefined;
    return last.accepts;
  }

  #stateOf(row: number): State {
    const state = this.#states[row / this.#alphabet.size];
    if (state === undefined) throw new TypeError('no state has this row');
    return state;
  }

  /** What a character of the class leads to; fills the cell. */
  #step(row: number, column: number): number {
    const state = this.#stateOf(row);
    const generation = this.#generation;
    const kind = this.#kinds[column] ?? OTHER;
    const code = this.#alphabet.samples[column] ?? 0;
    const closed = this.#close(state, kind);
    let target = MATCHED;
    if (closed !== undefined) {
      const kernel: number[] = [];
      for (const at of closed) {
        const step = this.#program.steps[at];
        if (step?.kind === 'class' && hasCode(this.#program.sets[step.set] ?? [], code)) kernel.push(at + 1);
      }
      const dead = this.#anchored && kernel.length === 0;
      target = dead ? DEAD : this.#intern(kernel, this.#program.assertions.size > 0 ? kind : OTHER);
    }
    if (generation === this.#generation) this.#table[row + column] = target;
    return target;
  }

  /** Class steps that are reached without reading; undefined when the match is. */
  #close(state: State, after: number): readonly number[] | undefined {
    if (this.#mark === LAST_MARK) {
      this.#marks.fill(0);
      this.#mark = 0;
    }
    const mark = ++this.#mark;
    const pending = [...state.kernel];
    if (!this.#anchored || state.before === EDGE) pending.push(0);
    const reached: number[] = [];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (this.#marks[at] === mark) continue;
      this.#marks[at] = mark;
      const step = this.#program.steps[at];
      switch (step?.kind) {
        case 'match':
          return undefined;
        case 'class':
          reached.push(at);
          break;
        case 'split':
          pending.push(step.other, at + 1);
          break;
        case 'jump':
          pending.push(step.to);
          break;
        case 'assertion':
          if (holds(step.assertion, state.before, after)) pending.push(at + 1);
      }
    }
    return reached;
  }

  /** Row of the state with this kernel, made where there is none. */
  #intern(kernel: number[], before: number): number {
    kernel.sort((left, right) => left - right);
    const key = `${before}:${kernel.join()}`;
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const { size } = this.#alphabet;
    if (this.#states.length > 0 && this.#cells + size + kernel.length > MAX_CELLS) this.#clear();
    const row = this.#states.length * size;
    this.#grow(row + size);
    this.#cells += size + kernel.length;
    this.#states.push({ kernel, before, accepts: undefined });
    this.#rows.set(key, row);
    return row;
  }

  #clear(): void {
    this.#generation++;
    this.#states = [];
    this.#rows = new Map();
    this.#cells = 0;
    this.#table.fill(UNKNOWN);
    this.#intern([], EDGE);
  }

  #grow(cells: number): void {
    if (cells <= this.#table.length) return;
    const table = new Int32Array(Math.max(cells, 2 * this.#table.length)).fill(UNKNOWN);
    table.set(this.#table);
    this.#table = table;
  }
}

function kindOfCode(code: number): number {
  if (code === 10) return NEWLINE;
  return hasCode(WORD_CODES, code) ? WORD : OTHER;
}

function holds(assertion: Assertion, before: number, after: number): boolean {
  switch (assertion) {
    case 'textStart':
      return before === EDGE;
    case 'textEnd':
      return after === EDGE;
    case 'lineStart':
      return before === EDGE || before === NEWLINE;
    case 'lineEnd':
      return after === EDGE || after === NEWLINE;
    case 'boundary':
      return (before === WORD) !== (after === WORD);
    case 'noBoundary':
      return (before === WORD) === (after === WORD);
  }
}
