import { saturateToSafe } from '../value/integer';
import type { Parser } from './parser';
import { VrlSyntaxError } from './syntax-error';
import { MAX_DEPTH } from './token-stream';
import type { Span } from './source';
import type { Token } from './token';
import type { Argument, Call, Closure, Expression, ObjectMember, QueryBase, Segment } from './tree';

/** A literal, container, call, variable or path. */
export function parseOperand(parser: Parser): Expression {
  const { stream } = parser;
  const { token } = stream;
  const { start, end } = token;
  switch (token.type) {
    case 'integer':
    case 'float':
      stream.take();
      return { type: token.type, value: token.value, start, end } as Expression;
    case 'string': {
      stream.take();
      const isTemplate = token.parts.some((part) => typeof part !== 'string');
      if (isTemplate) return { type: 'template', parts: token.parts, start, end };
      return { type: 'string', text: token.text, raw: false, start, end };
    }
    case 'rawString':
      stream.take();
      return { type: 'string', text: token.text, raw: true, start, end };
    case 'regex':
    case 'timestamp':
      stream.take();
      return { type: token.type, text: token.text, start, end };
    case 'keyword':
      return parseKeywordLiteral(parser, token.text);
    case 'identifier':
      stream.take();
      return parseQuery(parser, { type: 'variable', name: token.text }, token, true);
    case 'functionName':
      return pathOn(parser, parseCall(parser, token.text));
    case 'mark':
      return parseMark(parser, token);
    default:
      throw stream.unexpected();
  }
}

function parseKeywordLiteral(parser: Parser, word: string): Expression {
  const { stream } = parser;
  const { start, end } = stream.token;
  if (word === 'true' || word === 'false') {
    stream.take();
    return { type: 'boolean', value: word === 'true', start, end };
  }
  if (word !== 'null') throw stream.unexpected();
  stream.take();
  return { type: 'null', start, end };
}

function parseMark(parser: Parser, token: Token & { type: 'mark' }): Expression {
  const { stream } = parser;
  switch (token.text) {
    case '.':
    case '%':
      stream.take();
      return parseQuery(parser, { type: token.text === '.' ? 'event' : 'metadata' }, token, false);
    case '(':
      return pathOn(
        parser,
        stream.nested(() => parseGroup(parser)),
      );
    case '[':
      return pathOn(
        parser,
        stream.nested(() => parseArray(parser)),
      );
    case '{':
      return pathOn(parser, looksLikeObject(parser) ? stream.nested(() => parseObject(parser)) : parser.block());
    default:
      throw stream.unexpected();
  }
}

function parseGroup(parser: Parser): Expression {
  const { stream } = parser;
  const { start } = stream.take();
  const inner = parser.assignment();
  const { end } = stream.expectMark(')');
  return { type: 'group', inner, start, end };
}

function parseArray(parser: Parser): Expression {
  const { stream } = parser;
  const { start } = stream.take();
  const items: Expression[] = [];
  stream.skipNewlines();
  while (!stream.isMark(']')) {
    items.push(parser.arithmetic());
    if (!takeComma(parser)) break;
  }
  const { end } = stream.expectMark(']');
  return { type: 'array', items, start, end };
}

/** Takes the comma behind a member of a list, with newlines behind it; newlines before it can only end the list. */
function takeComma({ stream }: Parser): boolean {
  const isComma = stream.takeMark(',');
  stream.skipNewlines();
  return isComma;
}

/** Is it `{}` or `{ "key": ...`? Everything else in braces is a block. */
function looksLikeObject(parser: Parser): boolean {
  const { stream } = parser;
  let offset = 1;
  while (stream.ahead(offset).type === 'newline') offset++;
  const first = stream.ahead(offset);
  if (first.type === 'mark') return first.text === '}';
  if (first.type !== 'string') return false;
  const second = stream.ahead(offset + 1);
  return second.type === 'mark' && second.text === ':';
}

function parseObject(parser: Parser): Expression {
  const { stream } = parser;
  const { start } = stream.take();
  const members: ObjectMember[] = [];
  stream.skipNewlines();
  while (!stream.isMark('}')) {
    const { token } = stream;
    if (token.type !== 'string') throw stream.unexpected('string literal');
    stream.take();
    stream.expectMark(':');
    members.push({ key: token.text, value: parser.arithmetic() });
    if (!takeComma(parser)) break;
  }
  const { end } = stream.expectMark('}');
  return { type: 'object', members, start, end };
}

/** A path on a call or container, if one follows without a blank. */
function pathOn(parser: Parser, expression: Expression): Expression {
  const { stream } = parser;
  if (!stream.isAdjacent || !(stream.isMark('.') || stream.isMark('['))) return expression;
  return parseQuery(parser, { type: 'expression', expression }, expression, true);
}

/** The segments behind a base. The roots `.` and `%` are no fields' dots: `.a` is the root and a field. */
function parseQuery(parser: Parser, base: QueryBase, { start, end: baseEnd }: Span, takesDot: boolean): Expression {
  const { stream } = parser;
  const path: Segment[] = [];
  let lastSegmentStart = baseEnd;
  while (stream.isAdjacent) {
    if (path.length > MAX_DEPTH) throw stream.tooDeep();
    const hasDot = (takesDot || path.length > 0) && stream.isMark('.');
    const next = hasDot ? stream.ahead(1) : stream.token;
    // A dot with nothing behind it is no part of the path.
    if (hasDot && (next.start !== stream.token.end || next.type === 'end' || next.type === 'newline')) break;
    if (!hasDot && stream.isMark('[')) {
      lastSegmentStart = next.start;
      path.push(parseIndex(parser));
    } else if (isField(next) && (hasDot || base.type === 'event' || base.type === 'metadata' || path.length > 0)) {
      if (hasDot) stream.take();
      lastSegmentStart = next.start;
      path.push(takeField(parser));
    } else if (hasDot) {
      stream.take();
      throw stream.unexpected('path segment');
    } else {
      break;
    }
  }
  return { type: 'query', base, baseEnd, lastSegmentStart, path, start, end: stream.previous.end };
}

function isField(token: Token): boolean {
  return (
    token.type === 'identifier' ||
    token.type === 'fieldName' ||
    token.type === 'keyword' ||
    token.type === 'reserved' ||
    token.type === 'string'
  );
}

function takeField(parser: Parser): string {
  const token = parser.stream.take();
  // A field's name is no template: what looks like one stands for itself.
  if (token.type === 'string')
    return token.parts.map((part) => (typeof part === 'string' ? part : `{{ ${part.name} }}`)).join('');
  return 'text' in token ? token.text : '';
}

function parseIndex(parser: Parser): number {
  const { stream } = parser;
  stream.take();
  const { token } = stream;
  if (token.type !== 'integer') throw stream.unexpected('integer');
  stream.take();
  stream.expectMark(']');
  const index = saturateToSafe(token.value);
  if (Math.abs(index) > MAX_INDEX) {
    throw new VrlSyntaxError(206, 'index out of range', token, `an index lies between -${MAX_INDEX} and ${MAX_INDEX}`);
  }
  return index;
}

/** Largest index in a path. Writing pads with null up to it, so it bounds what one assignment can allocate. */
export const MAX_INDEX = 1_048_576;

function parseCall(parser: Parser, name: string): Call {
  const { stream } = parser;
  const nameToken = stream.take();
  let aborts = false;
  if (stream.isOperator('!')) {
    stream.take();
    aborts = true;
  }
  const nameSpan = { start: nameToken.start, end: nameToken.end };
  if (!stream.isMark('(')) throw stream.unexpected('"("');
  const args = stream.nested(() => parseArguments(parser));
  const closure = stream.isMark('->') ? stream.nested(() => parseClosure(parser)) : undefined;
  return {
    type: 'call',
    name,
    nameSpan,
    aborts,
    arguments: args,
    closure,
    start: nameToken.start,
    end: stream.previous.end,
  };
}

function parseArguments(parser: Parser): Argument[] {
  const { stream } = parser;
  stream.take();
  stream.skipNewlines();
  const args: Argument[] = [];
  while (!stream.isMark(')')) {
    const { token } = stream;
    const next = stream.ahead(1);
    let keyword: string | undefined;
    let keywordSpan: Span | undefined;
    if (next.type === 'mark' && next.text === ':' && 'text' in token && isWord(token)) {
      keyword = token.text;
      keywordSpan = { start: token.start, end: token.end };
      stream.take();
      stream.take();
    }
    const value = parser.arithmetic();
    args.push({ keyword, keywordSpan, value, start: token.start, end: value.end });
    if (!takeComma(parser)) break;
  }
  stream.expectMark(')');
  return args;
}

function isWord(token: Token): boolean {
  return token.type === 'identifier' || token.type === 'keyword' || token.type === 'reserved';
}

function parseClosure(parser: Parser): Closure {
  const { stream } = parser;
  const { start } = stream.take();
  const variables: (string | undefined)[] = [];
  if (stream.isOperator('||')) {
    stream.take();
  } else {
    if (!stream.isOperator('|')) throw stream.unexpected('"|"');
    stream.take();
    while (!stream.isOperator('|')) {
      const { token } = stream;
      if (token.type === 'identifier') variables.push(token.text);
      else if (token.type === 'mark' && token.text === '_') variables.push(undefined);
      else throw stream.unexpected('variable name');
      stream.take();
      if (!stream.takeMark(',')) break;
      stream.skipNewlines();
    }
    if (!stream.isOperator('|')) throw stream.unexpected('"|"');
    stream.take();
  }
  stream.skipNewlines();
  const block = parser.block();
  return { variables, block, start, end: block.end };
}
