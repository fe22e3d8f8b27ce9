import type { BinaryOperator, UnaryOperator } from './tree';

export interface BinaryRule {
  readonly precedence: number;
  readonly right?: boolean;
  /** Operator of the tree; absent for the pipe, which is no operator but a call. */
  readonly operator?: BinaryOperator;
}

/** Precedence of the pipe and of everything that stands outside the operators. */
export const LOWEST = 0;

/** Binary operators as written; a higher number binds tighter. */
export const BINARY_RULES: ReadonlyMap<string, BinaryRule> = new Map<string, BinaryRule>([
  ['|', { precedence: LOWEST }],
  ['or', { precedence: 10, operator: 'or' }],
  ['||', { precedence: 10, operator: 'or' }],
  ['and', { precedence: 15, operator: 'and' }],
  ['&&', { precedence: 15, operator: 'and' }],
  ['==', { precedence: 20, operator: '==' }],
  ['!=', { precedence: 20, operator: '!=' }],
  ['<', { precedence: 20, operator: '<' }],
  ['<=', { precedence: 20, operator: '<=' }],
  ['>', { precedence: 20, operator: '>' }],
  ['>=', { precedence: 20, operator: '>=' }],
  ['in', { precedence: 20, operator: 'in' }],
  ['matches', { precedence: 20, operator: 'matches' }],
  ['contains', { precedence: 20, operator: 'contains' }],
  ['startsWith', { precedence: 20, operator: 'startsWith' }],
  ['endsWith', { precedence: 20, operator: 'endsWith' }],
  ['..', { precedence: 25, operator: '..' }],
  ['+', { precedence: 30, operator: '+' }],
  ['-', { precedence: 30, operator: '-' }],
  ['*', { precedence: 60, operator: '*' }],
  ['/', { precedence: 60, operator: '/' }],
  ['%', { precedence: 60, operator: '%' }],
  ['**', { precedence: 100, right: true, operator: '**' }],
  ['^', { precedence: 100, right: true, operator: '**' }],
  ['??', { precedence: 500, operator: '??' }],
]);

export const UNARY_RULES: ReadonlyMap<string, { readonly precedence: number; readonly operator: UnaryOperator }> =
  new Map([
    ['not', { precedence: 50, operator: 'not' }],
    ['!', { precedence: 50, operator: 'not' }],
    ['-', { precedence: 90, operator: '-' }],
    ['+', { precedence: 90, operator: '+' }],
  ]);

/** Operators that may follow an infix `not`. */
export const NEGATABLE: ReadonlySet<string> = new Set(['in', 'matches', 'contains', 'startsWith', 'endsWith']);

/** Comparisons that chain: `a < b <= c` is `a < b and b <= c`. */
export const CHAINING: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
