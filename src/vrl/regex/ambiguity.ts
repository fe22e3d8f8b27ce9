import { intersect, MAX_CODE_POINT, type CodePoints } from './code-points';
import { latin1Set } from './class-sets';
import type { ClassNode, RegexNode } from './tree';
import { childrenOf, someNode } from './walk';

/** Positions in a pattern beyond which it is taken to be ambiguous rather than looked at pair by pair. */
const MAX_POSITIONS = 400;

/** What a position matches, for the question whether two positions may match the same character. */
interface Position {
  readonly latin1: CodePoints;
  /** Code points beyond Latin-1; all of them where the class is not plain ranges, to be on the safe side. */
  readonly beyond: CodePoints;
}

const BEYOND_LATIN1: CodePoints = [256, MAX_CODE_POINT];

/**
 * Can the pattern match a text in only one way, character by character? Then backtracking never has anything to try
 * again. (A pattern whose Glushkov automaton is deterministic, and has one way for each of its transitions.)
 */
export function isUnambiguous(root: RegexNode): boolean {
  const builder = new FollowBuilder();
  const { first } = builder.visit(root);
  if (builder.hasTwoWays || builder.positions.length > MAX_POSITIONS) return false;
  return [first, ...builder.follow].every((choices) => areDisjoint(builder.positions, [...choices]));
}

function areDisjoint(positions: readonly Position[], choices: readonly number[]): boolean {
  return choices.every((a, i) =>
    choices.slice(i + 1).every((b) => !overlap(positions[a] as Position, positions[b] as Position)),
  );
}

function overlap(a: Position, b: Position): boolean {
  return intersect(a.latin1, b.latin1).length > 0 || intersect(a.beyond, b.beyond).length > 0;
}

/** Positions that a part of a pattern can begin and end with. */
interface Ends {
  readonly nullable: boolean;
  readonly first: ReadonlySet<number>;
  readonly last: ReadonlySet<number>;
}

const NOTHING: Ends = { nullable: true, first: new Set(), last: new Set() };

/** Collects which position may come after which. */
class FollowBuilder {
  readonly positions: Position[] = [];
  readonly follow: Set<number>[] = [];
  hasTwoWays = false;

  visit(node: RegexNode): Ends {
    if (this.positions.length > MAX_POSITIONS) return NOTHING;
    switch (node.type) {
      case 'class': {
        const position = this.positions.push(positionOf(node.set)) - 1;
        this.follow.push(new Set());
        return { nullable: false, first: new Set([position]), last: new Set([position]) };
      }
      case 'group':
        return this.visit(node.body);
      case 'repeat': {
        const body = this.visit(node.body);
        if (node.max > 1) this.#connect(body.last, body.first);
        return { ...body, nullable: body.nullable || node.min === 0 };
      }
      case 'sequence':
        return node.parts.map((part) => this.visit(part)).reduce((a, b) => this.#join(a, b), NOTHING);
      case 'alternatives':
        return node.options
          .map((option) => this.visit(option))
          .reduce((a, b) => ({
            nullable: a.nullable || b.nullable,
            first: new Set([...a.first, ...b.first]),
            last: new Set([...a.last, ...b.last]),
          }));
      default:
        return NOTHING;
    }
  }

  #join(a: Ends, b: Ends): Ends {
    this.#connect(a.last, b.first);
    return {
      nullable: a.nullable && b.nullable,
      first: a.nullable ? new Set([...a.first, ...b.first]) : a.first,
      last: b.nullable ? new Set([...a.last, ...b.last]) : b.last,
    };
  }

  #connect(from: ReadonlySet<number>, to: ReadonlySet<number>): void {
    for (const position of from) {
      const follow = this.follow[position];
      for (const next of to) {
        // Two ways from one position to another: (a+)+ may go on inside or start over.
        if (follow?.has(next)) this.hasTwoWays = true;
        follow?.add(next);
      }
    }
  }
}

function positionOf(set: ClassNode): Position {
  return { latin1: latin1Set(set), beyond: set.type === 'ranges' ? intersect(set.set, BEYOND_LATIN1) : BEYOND_LATIN1 };
}

function isVariable(node: RegexNode): boolean {
  return node.type === 'repeat' && node.min !== node.max;
}

/** May an ambiguous pattern take exponential time: is there a choice inside a repetition? */
export function hasRepeatedChoice(root: RegexNode): boolean {
  return someNode(root, (node) => {
    if (node.type !== 'repeat' || node.max <= 1) return false;
    return someNode(node.body, (inner) => inner.type === 'alternatives' || isVariable(inner));
  });
}

/** Exponent of the time that an ambiguous pattern without repeated choices takes: its open repetitions and the start. */
export function degreeOf(root: RegexNode): number {
  const own = isVariable(root) && root.type === 'repeat' && root.max > 1 ? 1 : 0;
  return childrenOf(root).reduce((sum, child) => sum + degreeOf(child) - 1, own) + 1;
}
