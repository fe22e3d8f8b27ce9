import { intersect, MAX_CODE_POINT, type CodePoints } from './code-points';
import { latin1Set } from './class-sets';
import type { ClassNode, RegexNode } from './tree';

/** Positions in a pattern beyond which it is taken to be as ambiguous as can be rather than looked at pair by pair. */
const MAX_POSITIONS = 400;

/**
 * How much there is for backtracking to try again in a pattern (Glushkov's automaton tells):
 * - `none`: each text can be matched in one way only, character by character
 * - `exponential`: there is a choice inside a repetition
 * - otherwise at most `factor` times the text's length to the power of `degree`
 */
export type Ambiguity = 'none' | 'exponential' | { readonly degree: number; readonly factor: number };

/** What a position matches, for the question whether two positions may match the same character. */
interface Position {
  readonly latin1: CodePoints;
  /** Code points beyond Latin-1; all of them where the class is not plain ranges, to be on the safe side. */
  readonly beyond: CodePoints;
}

const BEYOND_LATIN1: CodePoints = [256, MAX_CODE_POINT];

/** A place where a match may go on in several ways. */
interface Choice {
  /** Positions of the part are `from` up to `to`, exclusive. */
  readonly from: number;
  readonly to: number;
  /** Where the part may begin; for alternatives, where each of them may. */
  readonly firsts: readonly ReadonlySet<number>[];
  readonly isLoop: boolean;
}

/** Positions that a part of a pattern can begin and end with. */
interface Ends {
  readonly nullable: boolean;
  readonly first: ReadonlySet<number>;
  readonly last: ReadonlySet<number>;
}

const NOTHING: Ends = { nullable: true, first: new Set(), last: new Set() };

export function ambiguityOf(root: RegexNode): Ambiguity {
  const automaton = new Automaton(root);
  if (automaton.hasTwoWays || automaton.positions.length > MAX_POSITIONS) return 'exponential';
  const open = automaton.choices.filter((choice) => automaton.isAmbiguous(choice));
  if (open.length === 0) return 'none';
  const nested = automaton.loops.some((loop) =>
    open.some((choice) => choice !== loop && choice.from >= loop.from && choice.to <= loop.to),
  );
  if (nested) return 'exponential';
  const loops = open.filter((choice) => choice.isLoop).length;
  const factor = open
    .filter((choice) => !choice.isLoop)
    .reduce((product, { firsts }) => product * Math.max(firsts.length, 2), 1);
  // The search may start anywhere unless the pattern says where.
  return { degree: loops + (isAnchored(root) ? 0 : 1), factor };
}

function isAnchored(node: RegexNode): boolean {
  switch (node.type) {
    case 'assertion':
      return node.assertion === 'start';
    case 'sequence':
      return node.parts[0] !== undefined && isAnchored(node.parts[0]);
    case 'group':
      return isAnchored(node.body);
    case 'alternatives':
      return node.options.every(isAnchored);
    default:
      return false;
  }
}

/** Which position of a pattern may come after which. */
class Automaton {
  readonly positions: Position[] = [];
  readonly choices: Choice[] = [];
  /** Two ways from one position to another, as in (a+)+, which may go on inside or start over. */
  hasTwoWays = false;
  readonly #follow: Set<number>[] = [];
  readonly #first: ReadonlySet<number>;

  constructor(root: RegexNode) {
    this.#first = this.#visit(root).first;
  }

  get loops(): readonly Choice[] {
    return this.choices.filter((choice) => choice.isLoop);
  }

  /** May the same character lead into the part and past it (or into two alternatives)? */
  isAmbiguous(choice: Choice): boolean {
    const [first, ...others] = choice.firsts;
    if (first === undefined) return false;
    if (others.length > 0) {
      return choice.firsts.some((a, i) => choice.firsts.slice(i + 1).some((b) => this.#meet([...a], [...b])));
    }
    return [this.#first, ...this.#follow].some((reachable) => {
      const inside = [...first].filter((position) => reachable.has(position));
      const outside = [...reachable].filter((position) => position < choice.from || position >= choice.to);
      return this.#meet(inside, outside);
    });
  }

  #meet(a: readonly number[], b: readonly number[]): boolean {
    return a.some((x) => b.some((y) => overlap(this.positions[x] as Position, this.positions[y] as Position)));
  }

  #visit(node: RegexNode): Ends {
    if (this.positions.length > MAX_POSITIONS) return NOTHING;
    const from = this.positions.length;
    switch (node.type) {
      case 'class':
        this.positions.push(positionOf(node.set));
        this.#follow.push(new Set());
        return { nullable: false, first: new Set([from]), last: new Set([from]) };
      case 'group':
        return this.#visit(node.body);
      case 'repeat': {
        const body = this.#visit(node.body);
        const isLoop = node.max > 1;
        if (isLoop) this.#connect(body.last, body.first);
        // A loop of a fixed number of rounds is no choice, but what is chosen inside is chosen again and again.
        const firsts = node.min === node.max ? [] : [body.first];
        if (isLoop || firsts.length > 0) this.choices.push({ from, to: this.positions.length, firsts, isLoop });
        return { ...body, nullable: body.nullable || node.min === 0 };
      }
      case 'sequence':
        return node.parts.map((part) => this.#visit(part)).reduce((a, b) => this.#join(a, b), NOTHING);
      case 'alternatives': {
        const options = node.options.map((option) => this.#visit(option));
        this.choices.push({
          from,
          to: this.positions.length,
          firsts: options.map(({ first }) => first),
          isLoop: false,
        });
        return options.reduce((a, b) => ({
          nullable: a.nullable || b.nullable,
          first: new Set([...a.first, ...b.first]),
          last: new Set([...a.last, ...b.last]),
        }));
      }
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
      const follow = this.#follow[position];
      for (const next of to) {
        if (follow?.has(next)) this.hasTwoWays = true;
        follow?.add(next);
      }
    }
  }
}

function overlap(a: Position, b: Position): boolean {
  return intersect(a.latin1, b.latin1).length > 0 || intersect(a.beyond, b.beyond).length > 0;
}

function positionOf(set: ClassNode): Position {
  return { latin1: latin1Set(set), beyond: set.type === 'ranges' ? intersect(set.set, BEYOND_LATIN1) : BEYOND_LATIN1 };
}
