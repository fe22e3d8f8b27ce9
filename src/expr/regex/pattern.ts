import { countRuns, isAnchored, literalText, requiredTextsOf } from './analysis';
import { Automaton } from './automaton';
import { backtrackingCost } from './cost';
import { nativeSource } from './native';
import { parsePattern } from './parser';
import { compileProgram } from './program';
import type { PatternNode } from './tree';

export { PatternError } from './pattern-error';

/** A compiled pattern: answers whether it occurs in a text, in time linear in the text. */
export interface Pattern {
  test(text: string): boolean;
}

/**
 * Steps that a backtracking search may take at worst before the automaton takes over, which is slower on short text but
 * linear. A million steps take about two milliseconds.
 */
const MAX_BACKTRACKING_STEPS = 1_000_000;

/**
 * Compiles a pattern in RE2's syntax.
 *
 * @throws PatternError for what RE2 refuses, lookaround and backreferences among it.
 * @example compilePattern('(?i)user=\\w+').test('USER=bob') // true
 */
export function compilePattern(pattern: string): Pattern {
  const kept = recent.get(pattern);
  if (kept !== undefined) return kept;
  const compiled = makePattern(pattern);
  const [oldest] = recent.keys();
  if (recent.size >= RECENT_PATTERNS && oldest !== undefined) recent.delete(oldest);
  recent.set(pattern, compiled);
  return compiled;
}

/** Patterns kept compiled: one filter compiles each of its patterns a few times, and filters are compiled anew often. */
const RECENT_PATTERNS = 16;

const recent = new Map<string, Pattern>();

function makePattern(pattern: string): Pattern {
  const root = parsePattern(pattern);
  const literal = literalText(root);
  if (literal !== undefined) return { test: (text) => text.includes(literal) };
  return new SearchPattern(root);
}

/** Runs in the classes of a pattern from which on its text for the host would get too long. */
const MAX_NATIVE_RUNS = 20_000;

class SearchPattern implements Pattern {
  /** The host's own search; absent where it must never be used. */
  readonly #native: RegExp | undefined;
  /** Longest text that the host's own search is trusted with. */
  readonly #nativeLength: number;
  readonly #makeAutomaton: () => Automaton;
  #automaton: Automaton | undefined;
  /** A text that must be there; looking for it first is cheaper than any search. */
  readonly #required: string;

  constructor(root: PatternNode) {
    const program = compileProgram(root);
    this.#makeAutomaton = () => new Automaton(program, isAnchored(root));
    // Between the halves of a pair the host sees \B, where there is no position at all.
    const native = countRuns(root) <= MAX_NATIVE_RUNS && !program.assertions.has('noBoundary');
    this.#nativeLength = native ? nativeLength(root) : 0;
    this.#native = this.#nativeLength > 0 ? hostPattern(root) : undefined;
    [this.#required = ''] = requiredTextsOf(root);
  }

  test(text: string): boolean {
    if (this.#required !== '' && !text.includes(this.#required)) return false;
    if (this.#native !== undefined && text.length <= this.#nativeLength) return this.#native.test(text);
    this.#automaton ??= this.#makeAutomaton();
    return this.#automaton.test(text);
  }
}

/** Longest text on which a backtracking search stays within {@link MAX_BACKTRACKING_STEPS}; 0 when there is none. */
function nativeLength(root: PatternNode): number {
  const { degree, bits } = backtrackingCost(root);
  const steps = MAX_BACKTRACKING_STEPS / 2 ** bits;
  if (degree === Infinity || steps < 1) return 0;
  return degree === 0 ? Infinity : Math.floor(steps ** (1 / degree));
}

function hostPattern(root: PatternNode): RegExp | undefined {
  try {
    const native = new RegExp(nativeSource(root));
    // The host compiles on first use, once for each width of text; what it finds too large shows now.
    native.test('');
    native.test('\u{1F600}');
    return native;
  } catch {
    return undefined;
  }
}
