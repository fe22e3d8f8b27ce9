import { childrenOf } from './children';
import { tokenize } from './lexer';
import { parseOperand } from './parse-operand';
import type { Span } from './source';
import { VrlSyntaxError } from './syntax-error';
import { MAX_TREE_DEPTH, TokenStream } from './token-stream';
import type { Assignment, BinaryOperator, Block, Expression, If, ProgramTree, Target } from './tree';

/** Operators from loosest to tightest; those of one level associate to the left. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['??'],
  ['||', '&&'],
  ['==', '!='],
  ['>=', '>', '<=', '<'],
  ['|'],
  ['+', '-'],
  ['*', '/'],
];

const LEVEL_OF: ReadonlyMap<string, number> = new Map(
  LEVELS.flatMap((operators, level) => operators.map((op) => [op, level])),
);

/** Syntax errors that are reported for one program; after so many the rest says nothing new. */
const MAX_ERRORS = 50;

/**
 * Parses a program. A mistake inside a root expression is collected and parsing goes on with the next one; a lexical
 * mistake ends it.
 *
 * @returns the tree of what was understood, and the mistakes
 */
export function parseProgram(text: string): { tree: ProgramTree; errors: VrlSyntaxError[] } {
  const roots: Expression[] = [];
  const errors: VrlSyntaxError[] = [];
  let stream: TokenStream;
  try {
    stream = new TokenStream(tokenize(text));
  } catch (error) {
    if (error instanceof VrlSyntaxError) return { tree: { roots }, errors: [error] };
    throw error;
  }
  const parser = new Parser(stream);
  stream.skipNewlines();
  while (!stream.atEnd && errors.length < MAX_ERRORS) {
    try {
      const root = parser.expression();
      if (!stream.isSeparator && !stream.atEnd) throw stream.unexpected();
      if (depthOf(root) > MAX_TREE_DEPTH) {
        throw new VrlSyntaxError(202, 'syntax error', root, `nested deeper than ${MAX_TREE_DEPTH} levels`);
      }
      roots.push(root);
    } catch (error) {
      if (!(error instanceof VrlSyntaxError)) throw error;
      errors.push(error);
      stream.recover();
    }
    stream.skipSeparator();
  }
  return { tree: { roots }, errors };
}

/** Levels of a tree; counted without recursion, because the tree may be too deep for that. */
function depthOf(root: Expression): number {
  let level: readonly Expression[] = [root];
  let depth = 0;
  for (; level.length > 0; depth++) level = level.flatMap(childrenOf);
  return depth;
}

/** Statements, operators and blocks; operands are in parse-operand. */
export class Parser {
  constructor(readonly stream: TokenStream) {}

  /** Anything that can stand on a line of its own. */
  expression(): Expression {
    const { stream } = this;
    return stream.nested(() => {
      const { start } = stream.token;
      if (stream.isKeyword('if')) return this.if();
      if (stream.isKeyword('abort')) {
        stream.take();
        const message = this.#startsExpression() ? this.expression() : undefined;
        return { type: 'abort', message, start, end: stream.previous.end };
      }
      if (stream.isKeyword('return')) {
        stream.take();
        const value = this.expression();
        return { type: 'return', value, start, end: value.end };
      }
      return this.assignment();
    });
  }

  #startsExpression(): boolean {
    const { token } = this.stream;
    if (token.type === 'end' || this.stream.isSeparator) return false;
    return !(token.type === 'mark' && (token.text === '}' || token.text === ')'));
  }

  /** An assignment, or whatever else has operators. */
  assignment(): Expression {
    const { stream } = this;
    if (stream.isMark('_')) {
      const { start, end } = stream.take();
      return this.#assignTo({ type: 'ignore', start, end });
    }
    const left = this.arithmetic();
    if (left.type !== 'query') return left;
    return stream.isMark(',') || stream.isOperator('=') || stream.isOperator('|=') ? this.#assignTo(left) : left;
  }

  #assignTo(target: Target): Assignment {
    const { stream } = this;
    let errorTarget: Target | undefined;
    if (stream.takeMark(',')) {
      if (stream.isMark('_')) {
        const { start, end } = stream.take();
        errorTarget = { type: 'ignore', start, end };
      } else {
        const operand = parseOperand(this);
        if (operand.type !== 'query') throw stream.unexpected();
        errorTarget = operand;
      }
    }
    if (!stream.isOperator('=') && !stream.isOperator('|=')) throw stream.unexpected('"="');
    const operator = stream.isOperator('=') ? '=' : '|=';
    stream.take();
    stream.skipNewlines();
    const value = this.expression();
    return { type: 'assignment', target, errorTarget, operator, value, start: target.start, end: value.end };
  }

  /** Everything except bare `if`, `abort`, `return` and assignments. */
  arithmetic(level = 0): Expression {
    if (level === LEVELS.length) return this.#not();
    const { stream } = this;
    let left = this.arithmetic(level + 1);
    for (let operators = 0; ; operators++) {
      const { token } = stream;
      if (token.type !== 'operator' || LEVEL_OF.get(token.text) !== level) return left;
      if (operators >= MAX_TREE_DEPTH) throw stream.tooDeep();
      stream.take();
      stream.skipNewlines();
      const right = this.arithmetic(level + 1);
      left = {
        type: 'binary',
        operator: token.text as BinaryOperator,
        operatorSpan: { start: token.start, end: token.end },
        left,
        right,
        start: left.start,
        end: right.end,
      };
    }
  }

  #not(): Expression {
    const { stream } = this;
    if (!stream.isOperator('!')) return parseOperand(this);
    const { start } = stream.take();
    const operand = stream.nested(() => this.#not());
    return { type: 'not', operand, start, end: operand.end };
  }

  if(): If {
    const { stream } = this;
    const { start } = stream.take();
    const predicateStart = stream.token.start;
    const predicate = this.#predicate();
    const predicateSpan: Span = { start: predicateStart, end: stream.previous.end };
    stream.skipNewlines();
    const then = this.block();
    let otherwise: Block | If | undefined;
    if (stream.isKeyword('else')) {
      stream.take();
      stream.skipNewlines();
      otherwise = stream.isKeyword('if') ? stream.nested(() => this.if()) : this.block();
    }
    return { type: 'if', predicate, predicateSpan, then, otherwise, start, end: stream.previous.end };
  }

  #predicate(): Expression[] {
    const { stream } = this;
    if (!stream.isMark('(')) return [this.arithmetic()];
    // Parentheses around all of the predicate may hold several lines; others are part of an operand.
    const behind = stream.behindMatching(0);
    if (!(behind.type === 'mark' && behind.text === '{')) return [this.arithmetic()];
    return stream.nested(() => {
      stream.take();
      stream.skipNewlines();
      const lines = [this.assignment()];
      while (stream.isSeparator) {
        while (stream.isSeparator) stream.take();
        if (stream.isMark(')')) break;
        lines.push(this.assignment());
      }
      stream.expectMark(')');
      return lines;
    });
  }

  block(): Block {
    const { stream } = this;
    return stream.nested(() => {
      const { start } = stream.expectMark('{');
      stream.skipNewlines();
      const body = [this.expression()];
      while (stream.isSeparator) {
        stream.skipSeparator();
        if (stream.isMark('}')) break;
        body.push(this.expression());
      }
      const { end } = stream.expectMark('}');
      return { type: 'block', body, start, end };
    });
  }
}
