import { ambiguityOf } from './ambiguity';
import type { RegexNode } from './tree';
import { someNode } from './walk';

/**
 * How the engine's backtracking may be used for a pattern:
 * - `always`: it takes a time about proportional to the text, or the engine itself falls back to linear time
 * - `never`: it may take exponential time
 * - a number: up to that many characters, beyond which its polynomial time gets too long
 */
export type Backtracking = 'always' | 'never' | number;

/** Steps of backtracking that are fine for one text: some tens of milliseconds. */
const MAX_BACKTRACKING_STEPS = 10_000_000;

/**
 * Repetition counts, multiplied where nested, up to which V8's linear engine takes a pattern
 * (ExperimentalRegExpCompiler's kMaxReplicationFactor).
 */
const MAX_LINEAR_REPLICATION = 16;

/**
 * Characters up to which a search may begin anew at each of them and run on to the end, as `\s+$` does in blanks: a tenth
 * of a second. The engine does not count such steps as backtracking, so that it never falls back by itself.
 */
const MAX_SEARCHED_CHARACTERS = 16_384;

/**
 * May a match that began somewhere run on for long and then fail, only for the next one to do the same? So it is when
 * something stands behind a repetition without end, and the pattern is not held to the start of the text.
 */
function searchesAgain(root: RegexNode): boolean {
  return !beginsAtStart(root) && repeatsBefore(root, false);
}

function beginsAtStart(node: RegexNode): boolean {
  switch (node.type) {
    case 'assertion':
      return node.assertion === 'start';
    case 'group':
      return beginsAtStart(node.body);
    case 'sequence':
      return node.parts.some((part, i) => beginsAtStart(part) && node.parts.slice(0, i).every(isAssertion));
    case 'alternatives':
      return node.options.every(beginsAtStart);
    default:
      return false;
  }
}

function isAssertion(node: RegexNode): boolean {
  return node.type === 'assertion';
}

/** Is there a repetition without end that something follows, in the node or behind it? */
function repeatsBefore(node: RegexNode, followed: boolean): boolean {
  switch (node.type) {
    case 'repeat':
      return (node.max === Infinity && followed) || repeatsBefore(node.body, followed || node.max > 1);
    case 'group':
      return repeatsBefore(node.body, followed);
    case 'sequence':
      return node.parts.some((part, i) => repeatsBefore(part, followed || i < node.parts.length - 1));
    case 'alternatives':
      return node.options.some((option) => repeatsBefore(option, followed));
    default:
      return false;
  }
}

/** Says how far backtracking goes with a pattern, written for subjects of Latin-1 or for any. */
export function backtrackingFor(root: RegexNode, hasLookAround: boolean): Backtracking {
  const ambiguity = ambiguityOf(root);
  const unambiguous: Backtracking = searchesAgain(root) ? MAX_SEARCHED_CHARACTERS : 'always';
  if (ambiguity === 'none') return unambiguous;
  if (!hasLookAround && replication(root) <= MAX_LINEAR_REPLICATION && engineFallsBack()) return unambiguous;
  if (ambiguity === 'exponential' || ambiguity.factor > MAX_BACKTRACKING_STEPS) return 'never';
  return Math.floor((MAX_BACKTRACKING_STEPS / ambiguity.factor) ** (1 / Math.max(ambiguity.degree, 1)));
}

/** Greatest product of nested repetition counts. */
function replication(node: RegexNode): number {
  switch (node.type) {
    case 'repeat':
      return replication(node.body) * Math.max(1, node.max === Infinity ? node.min : node.max);
    case 'group':
      return replication(node.body);
    case 'sequence':
      return Math.max(1, ...node.parts.map(replication));
    case 'alternatives':
      return Math.max(1, ...node.options.map(replication));
    default:
      return 1;
  }
}

/** Assertions that plain JavaScript needs look-around for, in each form. */
export function needsLookAround(root: RegexNode, ascii: boolean): boolean {
  return someNode(root, (node) => {
    if (node.type !== 'assertion') return false;
    switch (node.assertion) {
      case 'start':
      case 'end':
      case 'asciiWordBoundary':
      case 'asciiNotWordBoundary':
        return false;
      case 'wordBoundary':
      case 'notWordBoundary':
        return !ascii;
      default:
        return true;
    }
  });
}

/** Lengths of the probes: each takes four times the steps of the one before, 2 to the power of its length. */
const FIRST_PROBE_LENGTH = 18;
const LAST_PROBE_LENGTH = 28;
/** Time that a probe takes at most with the fallback; also on a busy machine most of the time. No machine does the last without it. */
const PROBE_MS = 15;

let fallsBack: boolean | undefined;

/**
 * Does the engine leave excessive backtracking for linear time? (V8's flag
 * --enable-experimental-regexp-engine-on-excessive-backtracks.) There is no way to ask, so it is tried out once; a
 * wrong answer can only be no, which costs speed alone.
 */
function engineFallsBack(): boolean {
  fallsBack ??= probesStayShort();
  return fallsBack;
}

/** Stops at the first probe that takes long, so that a slow machine waits no longer than a fast one. */
function probesStayShort(): boolean {
  for (let length = FIRST_PROBE_LENGTH; length <= LAST_PROBE_LENGTH; length += 2) {
    const start = performance.now();
    /^(?:a+)+$/.test(`${'a'.repeat(length)}!`);
    if (performance.now() - start >= PROBE_MS) return false;
  }
  return true;
}
