/** Extent of a node in the source: UTF-16 code units, end exclusive. */
export interface Extent {
  readonly start: number;
  readonly end: number;
  /** Where errors of the node point: an operator, a member's name, an opening bracket, else the first token. */
  readonly at: number;
}

export type UnaryOperator = 'not' | '-' | '+';

export type BinaryOperator =
  | 'or'
  | 'and'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'in'
  | 'matches'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | '..'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '??';

export interface NilNode extends Extent {
  readonly kind: 'nil';
}
export interface BoolNode extends Extent {
  readonly kind: 'bool';
  readonly value: boolean;
}
/** A 64-bit integer: a number where it is safe, a bigint beyond. */
export interface IntegerNode extends Extent {
  readonly kind: 'integer';
  readonly value: number | bigint;
}
export interface FloatNode extends Extent {
  readonly kind: 'float';
  readonly value: number;
}
export interface StringNode extends Extent {
  readonly kind: 'string';
  readonly value: string;
}
export interface BytesNode extends Extent {
  readonly kind: 'bytes';
  readonly value: readonly number[];
}
export interface IdentifierNode extends Extent {
  readonly kind: 'identifier';
  readonly name: string;
}
/** `#` (name ""), `#index`, `#acc` inside a predicate. */
export interface PointerNode extends Extent {
  readonly kind: 'pointer';
  readonly name: string;
}
export interface UnaryNode extends Extent {
  readonly kind: 'unary';
  readonly operator: UnaryOperator;
  readonly operand: ExprNode;
}
export interface BinaryNode extends Extent {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: ExprNode;
  readonly right: ExprNode;
}
/** `a.b`, `a[b]`, `a?.b`: a name after a dot is a string node. */
export interface MemberNode extends Extent {
  readonly kind: 'member';
  readonly target: ExprNode;
  readonly property: ExprNode;
  readonly optional: boolean;
}
export interface SliceNode extends Extent {
  readonly kind: 'slice';
  readonly target: ExprNode;
  readonly from: ExprNode | undefined;
  readonly to: ExprNode | undefined;
}
/** Bounds what an optional member skips when its base is nil. */
export interface ChainNode extends Extent {
  readonly kind: 'chain';
  readonly expression: ExprNode;
}
export interface CallNode extends Extent {
  readonly kind: 'call';
  readonly callee: ExprNode;
  readonly arguments: readonly ExprNode[];
}
export interface BuiltinNode extends Extent {
  readonly kind: 'builtin';
  readonly name: string;
  readonly arguments: readonly ExprNode[];
}
export interface PredicateNode extends Extent {
  readonly kind: 'predicate';
  readonly body: ExprNode;
}
export interface ConditionalNode extends Extent {
  readonly kind: 'conditional';
  readonly condition: ExprNode;
  readonly consequent: ExprNode;
  readonly alternate: ExprNode;
}
export interface LetNode extends Extent {
  readonly kind: 'let';
  readonly name: string;
  readonly value: ExprNode;
  readonly body: ExprNode;
}
export interface SequenceNode extends Extent {
  readonly kind: 'sequence';
  readonly expressions: readonly ExprNode[];
}
export interface ArrayNode extends Extent {
  readonly kind: 'array';
  readonly elements: readonly ExprNode[];
}
export interface MapPair {
  readonly key: ExprNode;
  readonly value: ExprNode;
}
export interface MapNode extends Extent {
  readonly kind: 'map';
  readonly pairs: readonly MapPair[];
}

/** One node of a parsed expression: plain frozen data. `&&`, `||`, `!` and `^` stand as `and`, `or`, `not` and `**`. */
export type ExprNode =
  | NilNode
  | BoolNode
  | IntegerNode
  | FloatNode
  | StringNode
  | BytesNode
  | IdentifierNode
  | PointerNode
  | UnaryNode
  | BinaryNode
  | MemberNode
  | SliceNode
  | ChainNode
  | CallNode
  | BuiltinNode
  | PredicateNode
  | ConditionalNode
  | LetNode
  | SequenceNode
  | ArrayNode
  | MapNode;

/** The direct children of a node, in source order. */
export function childrenOf(node: ExprNode): readonly ExprNode[] {
  switch (node.kind) {
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'member':
      return [node.target, node.property];
    case 'slice':
      return [node.target, node.from, node.to].filter((part) => part !== undefined);
    case 'chain':
      return [node.expression];
    case 'call':
      return [node.callee, ...node.arguments];
    case 'builtin':
      return node.arguments;
    case 'predicate':
      return [node.body];
    case 'conditional':
      return [node.condition, node.consequent, node.alternate];
    case 'let':
      return [node.value, node.body];
    case 'sequence':
      return node.expressions;
    case 'array':
      return node.elements;
    case 'map':
      return node.pairs.flatMap((pair) => [pair.key, pair.value]);
    default:
      return [];
  }
}
