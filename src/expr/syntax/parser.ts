import { ExprSyntaxError } from '../errors';
import { MAX_DEPTH } from '../limits';
import { BUILTIN_NAMES, PREDICATE_BUILTINS } from './builtin-names';
import { isName } from './characters';
import { tokenize } from './lexer';
import { checkSize, tooDeep } from './measure';
import { parseNumber } from './number-literal';
import { BINARY_RULES, CHAINING, LOWEST, NEGATABLE, UNARY_RULES, type BinaryRule } from './operators';
import { describeToken, type Token } from './token';
import type { ExprNode, Extent, MapPair } from './tree';

/**
 * Parses an expression.
 *
 * @param source The text; offsets in the tree count its UTF-16 code units.
 * @returns The root of a plain, frozen tree.
 * @throws ExprSyntaxError where the text is no expression or a limit is passed.
 * @example parse('level == "error"').kind // 'binary'
 */
export function parse(source: string): ExprNode {
  const root = new Parser(source).parse();
  checkSize(root, source);
  return root;
}

type Unplaced<Node> = Node extends Extent ? Omit<Node, keyof Extent> : never;

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #failure: ExprSyntaxError | undefined;
  #at = 0;
  #current: Token;
  #depth = 0;
  #predicateDepth = 0;

  constructor(source: string) {
    this.#source = source;
    const { tokens, failure } = tokenize(source);
    this.#tokens = tokens;
    this.#failure = failure;
    this.#current = this.#tokenAt(0);
  }

  parse(): ExprNode {
    const root = this.#sequence();
    if (this.#current.kind !== 'end') throw this.#unexpected();
    return root;
  }

  /** `a; b; c`, with one semicolon allowed at the very end of the source. */
  #sequence(): ExprNode {
    const start = this.#current.start;
    const expressions = [this.#expression(LOWEST)];
    while (this.#is('operator', ';')) {
      this.#next();
      if (this.#current.kind === 'end') break;
      expressions.push(this.#expression(LOWEST));
    }
    const [first] = expressions;
    if (expressions.length === 1 && first !== undefined) return first;
    return this.#node({ kind: 'sequence', expressions: Object.freeze(expressions) }, start, first?.at);
  }

  #expression(precedence: number): ExprNode {
    if (++this.#depth > MAX_DEPTH) throw tooDeep(this.#source, this.#current.start);
    const node = precedence === LOWEST ? this.#wholeExpression() : this.#operators(precedence);
    this.#depth--;
    return node;
  }

  #wholeExpression(): ExprNode {
    if (this.#is('operator', 'let')) return this.#let();
    if (this.#is('operator', 'if')) return this.#if();
    return this.#conditional(this.#operators(LOWEST));
  }

  #let(): ExprNode {
    const start = this.#current.start;
    this.#next();
    const { value: name, start: at } = this.#name();
    this.#expect('operator', '=');
    const value = this.#expression(LOWEST);
    this.#expect('operator', ';');
    const body = this.#sequence();
    return this.#node({ kind: 'let', name, value, body }, start, at);
  }

  #if(): ExprNode {
    if (++this.#depth > MAX_DEPTH) throw tooDeep(this.#source, this.#current.start);
    const start = this.#current.start;
    this.#next();
    const condition = this.#expression(LOWEST);
    const consequent = this.#block();
    this.#expect('operator', 'else');
    const alternate = this.#is('operator', 'if') ? this.#if() : this.#block();
    this.#depth--;
    return this.#node({ kind: 'conditional', condition, consequent, alternate }, start);
  }

  #block(): ExprNode {
    this.#expect('bracket', '{');
    const body = this.#sequence();
    this.#expect('bracket', '}');
    return body;
  }

  #conditional(first: ExprNode): ExprNode {
    let node = first;
    while (this.#is('operator', '?')) {
      this.#next();
      const condition = node;
      const consequent = this.#is('operator', ':') ? condition : this.#expression(LOWEST);
      this.#expect('operator', ':');
      const alternate = this.#expression(LOWEST);
      node = this.#node({ kind: 'conditional', condition, consequent, alternate }, first.start, this.#errorOffset());
    }
    return node;
  }

  #operators(precedence: number): ExprNode {
    let left = this.#primary();
    let previous = '';
    while (this.#current.kind === 'operator') {
      const first = this.#at;
      const negated = this.#current.value === 'not';
      if (negated) {
        this.#next();
        if (this.#current.kind !== 'operator' || !NEGATABLE.has(this.#current.value)) throw this.#unexpected();
      }
      const token = this.#current;
      const rule = BINARY_RULES.get(token.value);
      if (rule === undefined || rule.precedence < precedence) {
        this.#moveTo(first);
        break;
      }
      this.#next();
      if (rule.operator === undefined) left = this.#pipe(left);
      else if (previous === '??' && token.value !== '??') throw this.#mixedCoalesce(token);
      else if (CHAINING.has(token.value)) left = this.#comparison(left, rule, token.start);
      else left = this.#binary(left, rule, negated, token.start);
      previous = token.value;
    }
    return left;
  }

  #binary(left: ExprNode, rule: BinaryRule, negated: boolean, at: number): ExprNode {
    const right = this.#expression(rule.right === true ? rule.precedence : rule.precedence + 1);
    const node = this.#node({ kind: 'binary', operator: rule.operator ?? 'and', left, right }, left.start, at);
    return negated ? this.#node({ kind: 'unary', operator: 'not', operand: node }, left.start, at) : node;
  }

  #comparison(first: ExprNode, rule: BinaryRule, at: number): ExprNode {
    let left = first;
    let operatorAt = at;
    let operator = rule.operator ?? '<';
    let whole: ExprNode | undefined;
    for (;;) {
      const right = this.#expression(rule.precedence + 1);
      const link = this.#node({ kind: 'binary', operator, left, right }, left.start, operatorAt);
      whole =
        whole === undefined
          ? link
          : this.#node({ kind: 'binary', operator: 'and', left: whole, right: link }, first.start, operatorAt);
      const following = this.#current.kind === 'operator' ? BINARY_RULES.get(this.#current.value)?.operator : undefined;
      if (following === undefined || !CHAINING.has(following)) return whole;
      operator = following;
      left = right;
      operatorAt = this.#current.start;
      this.#next();
    }
  }

  #pipe(left: ExprNode): ExprNode {
    return this.#call(this.#name(), [left], left.start);
  }

  #primary(): ExprNode {
    const token = this.#current;
    if (token.kind === 'operator') {
      const rule = UNARY_RULES.get(token.value);
      if (rule !== undefined) {
        this.#next();
        const operand = this.#expression(rule.precedence);
        return this.#postfix(this.#node({ kind: 'unary', operator: rule.operator, operand }, token.start));
      }
      if (token.value === '#' || token.value === '.') return this.#pointer(token);
      if (token.value === '::') {
        this.#next();
        return this.#postfix(this.#call(this.#name(), [], token.start));
      }
    }
    if (this.#is('bracket', '(')) {
      this.#next();
      const inner = this.#sequence();
      this.#expect('bracket', ')');
      return this.#postfix(inner);
    }
    return this.#operand(token);
  }

  /** `#`, `#name`, or the element that a leading dot stands for. */
  #pointer(token: Token): ExprNode {
    if (this.#predicateDepth === 0) {
      throw this.#error('pointer_outside_predicate', `unexpected token ${describeToken(token)}`, token);
    }
    let name = '';
    if (token.value === '#') {
      this.#next();
      if (this.#current.kind === 'name') {
        name = this.#current.value;
        this.#next();
      }
    }
    return this.#postfix(this.#node({ kind: 'pointer', name }, token.start));
  }

  #operand(token: Token): ExprNode {
    switch (token.kind) {
      case 'name':
        this.#next();
        if (token.value === 'true' || token.value === 'false') {
          return this.#node({ kind: 'bool', value: token.value === 'true' }, token.start);
        }
        if (token.value === 'nil') return this.#node({ kind: 'nil' }, token.start);
        if (this.#is('bracket', '(')) return this.#postfix(this.#call(token, [], token.start));
        return this.#postfix(this.#node({ kind: 'identifier', name: token.value }, token.start));
      case 'number':
        return this.#number(token);
      case 'string':
        this.#next();
        return this.#postfix(this.#node({ kind: 'string', value: token.value }, token.start));
      case 'bytes':
        this.#next();
        return this.#postfix(this.#node({ kind: 'bytes', value: token.bytes ?? [] }, token.start));
      default:
        if (this.#is('bracket', '[')) return this.#postfix(this.#array());
        if (this.#is('bracket', '{')) return this.#postfix(this.#map());
        throw this.#unexpected();
    }
  }

  #number(token: Token): ExprNode {
    const number = parseNumber(token.value);
    this.#next();
    if (number.kind === 'invalid') throw this.#error('invalid_number', number.reason, this.#current);
    return this.#node(number, token.start);
  }

  /** A call by name; the current token is the opening parenthesis. `piped` holds the left side of a pipe. */
  #call(name: Token, piped: readonly ExprNode[], start: number): ExprNode {
    const predicate = PREDICATE_BUILTINS.get(name.value);
    if (predicate !== undefined) {
      const args = this.#predicateArguments(name, piped);
      return this.#node({ kind: 'builtin', name: name.value, arguments: args }, start, name.start);
    }
    const args = this.#arguments(piped);
    if (BUILTIN_NAMES.has(name.value)) {
      return this.#node({ kind: 'builtin', name: name.value, arguments: args }, start, name.start);
    }
    const callee: ExprNode = Object.freeze({
      kind: 'identifier',
      name: name.value,
      start: name.start,
      end: name.end,
      at: name.start,
    });
    return this.#node({ kind: 'call', callee, arguments: args }, start, name.start);
  }

  #arguments(piped: readonly ExprNode[]): readonly ExprNode[] {
    return Object.freeze([...piped, ...this.#list('(', ')')]);
  }

  #predicateArguments(name: Token, piped: readonly ExprNode[]): readonly ExprNode[] {
    const { shape, required } = PREDICATE_BUILTINS.get(name.value) ?? { shape: [], required: 0 };
    const args = [...piped];
    this.#expect('bracket', '(');
    while (args.length < shape.length) {
      if (this.#is('bracket', ')')) {
        if (args.length >= required) break;
        const least = shape.length - piped.length;
        throw this.#error('too_few_arguments', `expected at least ${least} arguments`, this.#current);
      }
      if (args.length > piped.length) this.#expect('operator', ',');
      // Only an optional argument may be missing behind the comma.
      if (args.length >= required && args.length > piped.length && this.#is('bracket', ')')) break;
      args.push(shape[args.length] === 'predicate' ? this.#predicate() : this.#expression(LOWEST));
    }
    if (this.#is('operator', ',')) this.#next();
    this.#expect('bracket', ')');
    return Object.freeze(args);
  }

  #predicate(): ExprNode {
    const start = this.#current.start;
    this.#predicateDepth++;
    const braced = this.#is('bracket', '{');
    const body = braced ? this.#block() : this.#expression(LOWEST);
    if (!braced && this.#is('operator', ';')) {
      throw this.#error('unexpected_token', 'wrap predicate with brackets { and }', this.#current);
    }
    this.#predicateDepth--;
    return this.#node({ kind: 'predicate', body }, start);
  }

  #array(): ExprNode {
    const start = this.#current.start;
    return this.#node({ kind: 'array', elements: Object.freeze(this.#list('[', ']')) }, start);
  }

  /** Expressions between brackets, separated by commas, one trailing comma allowed. */
  #list(open: string, close: string): ExprNode[] {
    const items: ExprNode[] = [];
    this.#expect('bracket', open);
    while (!this.#is('bracket', close)) {
      if (items.length > 0) {
        this.#expect('operator', ',');
        if (this.#is('bracket', close)) break;
      }
      items.push(this.#expression(LOWEST));
    }
    this.#expect('bracket', close);
    return items;
  }

  #map(): ExprNode {
    const start = this.#current.start;
    const pairs: MapPair[] = [];
    this.#next();
    while (!this.#is('bracket', '}')) {
      if (pairs.length > 0) {
        this.#expect('operator', ',');
        if (this.#is('bracket', '}')) break;
      }
      const key = this.#mapKey();
      this.#expect('operator', ':');
      pairs.push(Object.freeze({ key, value: this.#expression(LOWEST) }));
    }
    this.#expect('bracket', '}');
    return this.#node({ kind: 'map', pairs: Object.freeze(pairs) }, start);
  }

  #mapKey(): ExprNode {
    const token = this.#current;
    if (token.kind === 'name' || token.kind === 'string' || token.kind === 'number') {
      this.#next();
      return this.#node({ kind: 'string', value: token.value }, token.start);
    }
    if (this.#is('bracket', '(')) return this.#expression(LOWEST);
    const found = describeToken(token);
    throw this.#error(
      'invalid_map_key',
      `a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses (unexpected token ${found})`,
      token,
    );
  }

  #postfix(target: ExprNode): ExprNode {
    let node = target;
    for (;;) {
      const optional = this.#is('operator', '?.');
      if (optional || this.#is('operator', '.')) {
        this.#next();
        if (optional && this.#is('bracket', '[')) node = this.#index(node, true);
        else node = this.#member(node, optional);
      } else if (this.#is('bracket', '[')) {
        node = this.#index(node, false);
      } else {
        return node;
      }
    }
  }

  #member(base: ExprNode, optional: boolean): ExprNode {
    const token = this.#current;
    const named = (token.kind === 'name' || token.kind === 'operator') && isName(token.value);
    if (!named && token.kind === 'end') throw this.#error('unexpected_token', 'unexpected end of expression', token);
    this.#next();
    if (!named) throw this.#error('unexpected_token', 'expected name', this.#current);
    const property = this.#node({ kind: 'string', value: token.value }, token.start);
    const target = base.kind === 'chain' ? base.expression : base;
    let node = this.#node({ kind: 'member', target, property, optional }, base.start, token.start);
    if (this.#is('bracket', '(')) {
      node = this.#node({ kind: 'call', callee: node, arguments: this.#arguments([]) }, base.start, token.start);
    }
    return this.#chained(node, optional || base.kind === 'chain');
  }

  /** `[i]`, `[a:b]`, `[a:]`, `[:b]`, `[:]`. */
  #index(base: ExprNode, optional: boolean): ExprNode {
    const at = this.#current.start;
    this.#expect('bracket', '[');
    const target = base.kind === 'chain' ? base.expression : base;
    const from = this.#is('operator', ':') ? undefined : this.#expression(LOWEST);
    let node: ExprNode;
    if (this.#is('operator', ':')) {
      this.#next();
      const to = this.#is('bracket', ']') ? undefined : this.#expression(LOWEST);
      this.#expect('bracket', ']');
      node = this.#node({ kind: 'slice', target, from, to }, base.start, at);
    } else {
      this.#expect('bracket', ']');
      if (from === undefined) throw this.#unexpected();
      node = this.#node({ kind: 'member', target, property: from, optional }, base.start, at);
    }
    return this.#chained(node, optional || base.kind === 'chain');
  }

  #chained(expression: ExprNode, chain: boolean): ExprNode {
    return chain ? this.#node({ kind: 'chain', expression }, expression.start, expression.at) : expression;
  }

  #name(): Token {
    const token = this.#current;
    if (token.kind !== 'name') throw this.#unexpected();
    this.#next();
    return token;
  }

  /** A frozen node that ends with the last token read. */
  #node(node: Unplaced<ExprNode>, start: number, at = start): ExprNode {
    const end = this.#tokens[this.#at - 1]?.end ?? start;
    return Object.freeze({ ...node, start, end, at }) as ExprNode;
  }

  #is(kind: Token['kind'], value: string): boolean {
    return this.#current.kind === kind && this.#current.value === value;
  }

  #expect(kind: Token['kind'], value: string): void {
    if (!this.#is(kind, value)) {
      throw this.#unexpected();
    }
    this.#next();
  }

  #next(): void {
    const behind = this.#failure === undefined ? this.#tokens.length - 1 : this.#tokens.length;
    this.#moveTo(Math.min(this.#at + 1, behind));
  }

  #moveTo(at: number): void {
    this.#at = at;
    this.#current = this.#tokenAt(at);
  }

  #tokenAt(at: number): Token {
    const token = this.#tokens[at];
    if (token !== undefined) return token;
    if (this.#failure !== undefined) throw this.#failure;
    const end = this.#source.length;
    return { kind: 'end', value: '', start: end, end };
  }

  #unexpected(): ExprSyntaxError {
    return this.#error('unexpected_token', `unexpected token ${describeToken(this.#current)}`, this.#current);
  }

  #mixedCoalesce(token: Token): ExprSyntaxError {
    return this.#error(
      'mixed_coalesce',
      `Operator (${token.value}) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.`,
      token,
    );
  }

  #error(code: string, message: string, token: Token): ExprSyntaxError {
    return new ExprSyntaxError(code, message, this.#source, this.#offsetOf(token));
  }

  #errorOffset(): number {
    return this.#offsetOf(this.#current);
  }

  /** The end of the source is told as its last character. */
  #offsetOf(token: Token): number {
    if (token.kind !== 'end') return token.start;
    const last = this.#source.length - 1;
    const unit = this.#source.charCodeAt(last);
    return Math.max(0, unit >= 0xdc00 && unit <= 0xdfff ? last - 1 : last);
  }
}
