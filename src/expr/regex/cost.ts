import { isAnchored } from './analysis';
import { normalize, type CodeRanges } from './code-ranges';
import type { PatternNode } from './tree';

/** What bounds a backtracking search on a text of n characters: 2 to the power of `bits`, times n to that of `degree`. */
export interface BacktrackingCost {
  readonly degree: number;
  readonly bits: number;
}

/**
 * Cost of a backtracking search. The place to begin and each open repeat multiply the ways to share out the text by n,
 * each choice by the number of its options. Repeats whose end is plain from the next character share it out in one way
 * only: all of them together cost one walk over the text. A repeat of something that has a choice has no bound of use.
 */
export function backtrackingCost(root: PatternNode): BacktrackingCost {
  const { open, settled, bits } = costOf(root, END);
  return { degree: open + (settled ? 1 : 0) + (isAnchored(root) ? 0 : 1), bits };
}

interface Cost {
  /** How many repeats may end in more than one place. */
  readonly open: number;
  /** Whether there are repeats that may not. */
  readonly settled: boolean;
  readonly bits: number;
}

/** What a match may go on with: the set of next characters, undefined when too little is known of it. */
type Following = CodeRanges | undefined;

/** Nothing follows: the match is complete. */
const END: CodeRanges = [];

const FREE: Cost = { open: 0, settled: false, bits: 0 };
const ENDLESS: Cost = { open: Infinity, settled: false, bits: Infinity };

/** Sets of more runs are not kept track of. */
const MAX_RUNS = 100;

function costOf(node: PatternNode, following: Following): Cost {
  switch (node.kind) {
    case 'sequence':
      return sequenceCost(node.parts, following);
    case 'choice':
      return node.options
        .map((option) => costOf(option, following))
        .reduce(
          (left, right) => ({
            open: Math.max(left.open, right.open),
            settled: left.settled || right.settled,
            bits: Math.max(left.bits, right.bits),
          }),
          { ...FREE, bits: Math.log2(node.options.length) },
        );
    case 'repeat':
      return repeatCost(node.body, node.min, node.max, following);
    default:
      return FREE;
  }
}

function sequenceCost(parts: readonly PatternNode[], following: Following): Cost {
  let total = FREE;
  let after = following;
  for (const part of parts.toReversed()) {
    const { open, settled, bits } = costOf(part, after);
    total = { open: total.open + open, settled: total.settled || settled, bits: total.bits + bits };
    after = before(part, after);
  }
  return total;
}

function repeatCost(body: PatternNode, min: number, max: number, following: Following): Cost {
  if (max <= 1) {
    const inner = costOf(body, following);
    return min === max ? inner : { ...inner, bits: inner.bits + 1 };
  }
  const inner = costOf(body, undefined);
  if (max !== Infinity) {
    return {
      open: inner.open === 0 ? 0 : inner.open * max,
      settled: inner.settled,
      bits: inner.bits * max + Math.log2(max),
    };
  }
  if (inner.open > 0 || inner.settled || inner.bits > 0) return ENDLESS;
  const settled = body.kind === 'class' && following !== undefined && areDisjoint(body.ranges, following);
  return { open: settled ? 0 : 1, settled, bits: 0 };
}

/** What may be read next where the node stands before what follows it. */
function before(node: PatternNode, following: Following): Following {
  switch (node.kind) {
    case 'class':
      return node.ranges.length / 2 <= MAX_RUNS ? node.ranges : undefined;
    case 'sequence':
      return node.parts.reduceRight<Following>((after, part) => before(part, after), following);
    case 'choice':
      return node.options.map((option) => before(option, following)).reduce(union);
    case 'repeat': {
      const inner = before(node.body, following);
      return node.min > 0 ? inner : union(inner, following);
    }
    default:
      return following;
  }
}

function union(left: Following, right: Following): Following {
  if (left === undefined || right === undefined) return undefined;
  const both = normalize([...left, ...right]);
  return both.length / 2 <= MAX_RUNS ? both : undefined;
}

function areDisjoint(left: CodeRanges, right: CodeRanges): boolean {
  let at = 0;
  for (let other = 0; other < right.length; other += 2) {
    while (at < left.length && (left[at + 1] ?? 0) < (right[other] ?? 0)) at += 2;
    if (at < left.length && (left[at] ?? 0) <= (right[other + 1] ?? 0)) return false;
  }
  return true;
}
