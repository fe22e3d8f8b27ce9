import { Alphabet } from './alphabet';
import { hasCode, type CodeRanges } from './code-ranges';
import { WORD_CODES } from './named-classes';
import type { Program } from './program';
import type { Assertion } from './tree';

/** Cells and kernel entries kept at most before the table is made anew: about 8 MB. */
const MAX_TABLE_CELLS = 1_000_000;

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
  /** State after a character of each class; undefined until first asked. */
  readonly next: (State | undefined)[];
  /** Whether the text may end here; unknown until first asked. */
  accepts: boolean | undefined;
}

/** The match is complete, whatever follows. */
const MATCHED: State = { kernel: [], before: OTHER, next: [], accepts: true };
/** Nothing is under way any more and nothing can begin. */
const DEAD: State = { kernel: [], before: OTHER, next: [], accepts: false };

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
  #states = new Map<string, State>();
  #cells = 0;

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
    let state = this.#intern([], EDGE);
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
      state = state.next[column] ?? this.#step(state, column);
      if (state === MATCHED) return true;
      if (state === DEAD) return false;
    }
    state.accepts ??= this.#close(state, EDGE) === undefined;
    return state.accepts;
  }

  #step(state: State, column: number): State {
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
    state.next[column] = target;
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

  /** The state with this kernel, made where there is none. */
  #intern(kernel: number[], before: number): State {
    kernel.sort((left, right) => left - right);
    const key = `${before}:${kernel.join()}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const { size } = this.#alphabet;
    const cells = kernel.length + size;
    if (this.#cells + cells > MAX_TABLE_CELLS) {
      // States that are still under way keep their tables; all others go, and are made again when they are reached.
      this.#states = new Map();
      this.#cells = 0;
    }
    this.#cells += cells;
    const state: State = { kernel, before, next: new Array<State | undefined>(size).fill(undefined), accepts: undefined };
    this.#states.set(key, state);
    return state;
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
