import { compileRegex, RegexSyntaxError } from '../regex';
import type { Span } from '../syntax/source';
import type { Block, Expression, If, ObjectMember, TextLiteral } from '../syntax/tree';
import { parseRfc3339 } from '../time';
import { kindOfValue } from '../types/kind-of-value';
import { kindText } from '../types/kind-text';
import {
  arrayOf,
  BOOLEAN,
  isWithin,
  NEVER,
  NULL,
  objectOfKind,
  STRING,
  undefinedToNull,
  union,
  type Kind,
} from '../types/kind';
import { compareText } from '../value/compare';
import { KindBit, objectOf, VrlFloat, type VrlValue } from '../value/value';
import { checkAssignment } from './check-assignment';
import { checkBinary } from './check-binary';
import { checkCall } from './check-call';
import { checkQuery, variableInfo } from './check-query';
import { arithmeticType, type OperatorType } from './operator-types';
import type { CheckContext } from './context';
import { CheckStopped, errorAt, labelAt } from './diagnostic';
import type { Typed } from './typed';
import type { TypeState } from './type-state';

type Of<T extends Expression['type']> = Extract<Expression, { type: T }>;

/** The type of an expression; its parts are checked through the context. */
export function checkExpression(context: CheckContext, node: Expression): Typed {
  switch (node.type) {
    case 'string':
      return constant(node.text);
    case 'integer':
      return constant(node.value);
    case 'float':
      return constant(new VrlFloat(node.value));
    case 'boolean':
      return constant(node.value);
    case 'null':
      return constant(null);
    case 'regex':
      return checkRegex(context, node);
    case 'timestamp':
      return checkTimestamp(context, node);
    case 'template':
      return checkTemplate(context, node);
    case 'array':
      return checkArray(context, node);
    case 'object':
      return checkObject(context, node);
    case 'group':
      return context.check(node.inner);
    case 'block':
      return checkBlock(context, node);
    case 'if':
      return checkIf(context, node);
    case 'binary':
      return checkBinary(context, node);
    case 'not':
      return checkNot(context, node);
    case 'query':
      return checkQuery(context, node);
    case 'call':
      return checkCall(context, node);
    case 'assignment':
      return checkAssignment(context, node);
    case 'abort':
      return checkAbort(context, node);
    case 'return':
      return checkReturn(context, node);
  }
}

/** An expression whose value is known. */
export function constant(value: VrlValue): Typed {
  return { type: 'constant', constant: value, kind: kindOfValue(value), fallible: false, returns: NEVER };
}

/** The kinds given to `return` in some expressions. */
export function unionReturns(parts: readonly Typed[]): Kind {
  return parts.reduce((kind, part) => union(kind, part.returns), NEVER);
}

function checkRegex(context: CheckContext, node: TextLiteral): Typed {
  try {
    return constant(compileRegex(node.text));
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    return context.stop(errorAt(101, 'invalid regular expression', node, `regex parse error: ${error.message}`));
  }
}

function checkTimestamp(context: CheckContext, node: TextLiteral): Typed {
  const timestamp = parseRfc3339(node.text);
  if (timestamp === undefined) {
    return context.stop(errorAt(601, 'invalid timestamp', node, 'provided timestamp is not valid RFC 3339'));
  }
  return constant(timestamp);
}

function checkTemplate(context: CheckContext, node: Of<'template'>): Typed {
  let type: OperatorType | undefined;
  const parts = node.parts.map((part) => {
    const kind = typeof part === 'string' ? STRING : variableInfo(context, part.name, part.span).kind;
    // The parts are added one after the other, whatever they are.
    const sum: OperatorType = type === undefined ? { kind, fallible: false } : arithmeticType('+', type.kind, kind);
    type = { kind: sum.kind, fallible: sum.fallible || type?.fallible === true };
    return typeof part === 'string' ? part : { slot: context.slotOf(part.name) };
  });
  const { kind, fallible } = type ?? { kind: STRING, fallible: false };
  return { type: 'template', parts, kind, fallible, returns: NEVER, constant: undefined };
}

/** The kind of a member of a literal: what may be absent is stored as null. */
function memberKinds<K>(entries: readonly (readonly [K, Typed])[]): Map<K, Kind> {
  return new Map(entries.map(([key, value]) => [key, undefinedToNull(value.kind)]));
}

function checkArray(context: CheckContext, node: Of<'array'>): Typed {
  const items = node.items.map((item) => context.check(item));
  const never = items.some((item) => item.kind.bits === 0);
  const constants = items.map((item) => item.constant);
  return {
    type: 'array',
    items,
    kind: never ? NEVER : arrayOf(NEVER, memberKinds([...items.entries()])),
    fallible: items.some((item) => item.fallible),
    returns: unionReturns(items),
    constant: constants.every((value) => value !== undefined) ? constants : undefined,
  };
}

function checkObject(context: CheckContext, node: Of<'object'>): Typed {
  // The last member of a key counts. They are kept, and so evaluated, in key order.
  const entries = [...new Map(checkMembers(context, node.members))].sort(([a], [b]) => compareText(a, b));
  const keys = entries.map(([key]) => key);
  const values = entries.map(([, value]) => value);
  const constants = entries.map(([key, value]) => [key, value.constant] as const);
  return {
    type: 'object',
    keys,
    values,
    kind: values.some((value) => value.kind.bits === 0) ? NEVER : objectOfKind(NEVER, memberKinds(entries)),
    fallible: values.some((value) => value.fallible),
    returns: unionReturns(values),
    constant: constants.every(hasValue) ? objectOf(constants) : undefined,
  };
}

/** Checks the members in the order in which they are written. One that does not pass leaves the others to be checked. */
function checkMembers(context: CheckContext, members: readonly ObjectMember[]): (readonly [string, Typed])[] {
  let stopped: CheckStopped | undefined;
  const checked: (readonly [string, Typed])[] = [];
  for (const { key, value } of members) {
    try {
      checked.push([key, context.check(value)]);
    } catch (error) {
      if (!(error instanceof CheckStopped)) throw error;
      stopped = error;
    }
  }
  if (stopped !== undefined) throw stopped;
  return checked;
}

function hasValue(entry: readonly [string, VrlValue | undefined]): entry is readonly [string, VrlValue] {
  return entry[1] !== undefined;
}

export function checkBlock(context: CheckContext, node: Block): Typed {
  const { state } = context;
  const outer = state.copy();
  const body: Typed[] = [];
  let kind: Kind = NULL;
  let fallible = false;
  let reached: TypeState | undefined;
  for (const expression of node.body) {
    const typed = context.check(expression);
    body.push(typed);
    if (reached !== undefined) continue;
    kind = typed.kind;
    fallible ||= typed.fallible;
    // What comes behind a certain end is checked, but counts for nothing.
    if (kind.bits === 0) reached = state.copy();
  }
  if (reached !== undefined) state.become(reached);
  state.leaveBlock(outer);
  const last = body[body.length - 1];
  return {
    type: 'block',
    body,
    kind,
    fallible,
    returns: unionReturns(body),
    constant: body.length === 1 ? last?.constant : undefined,
  };
}

function checkIf(context: CheckContext, node: If): Typed {
  const { state } = context;
  const predicate = checkPredicate(context, node);
  const afterPredicate = state.copy();
  const then = context.check(node.then);
  const afterThen = state.copy();
  state.become(afterPredicate);
  const otherwise = node.otherwise === undefined ? undefined : context.check(node.otherwise);
  state.merge(afterThen);
  const parts = otherwise === undefined ? [predicate, then] : [predicate, then, otherwise];
  return {
    type: 'if',
    predicate,
    then,
    otherwise,
    kind: union(then.kind, otherwise?.kind ?? NULL),
    fallible: parts.some((part) => part.fallible),
    returns: unionReturns(parts),
    constant: undefined,
  };
}

function checkPredicate(context: CheckContext, node: If): Typed {
  const before = context.pending.length;
  const { body, unhandled } = context.handlingFailures(() => {
    const lines = node.predicate.map((expression) => context.check(expression));
    return { body: lines, unhandled: context.pending[before] };
  });
  const last = body[body.length - 1] as Typed;
  if (unhandled !== undefined) {
    const { code, labels, notes } = unhandled;
    context.stop({ ...errorAt(code, 'fallible predicate', unhandled.span, undefined, notes), labels });
  }
  if (!isWithin(last.kind, KindBit.boolean) && last.kind.bits !== 0) {
    context.stop(
      errorAt(
        102,
        'non-boolean predicate',
        node.predicateSpan,
        `this predicate must resolve to a boolean, it resolves to ${kindText(last.kind)}`,
        ['coerce the expression to the required type using a coercion function, such as to_bool'],
      ),
    );
  }
  if (body.length === 1) return last;
  return { type: 'block', body, kind: last.kind, fallible: false, returns: unionReturns(body), constant: undefined };
}

function checkNot(context: CheckContext, node: Of<'not'>): Typed {
  const operand = context.check(node.operand);
  if (!isWithin(operand.kind, KindBit.boolean) && operand.kind.bits !== 0) {
    context.stop(
      errorAt(
        660,
        'non-boolean negation',
        // The operator is to blame, not the operand.
        { start: node.start, end: node.start + 1 },
        'negation only works on boolean values',
        undefined,
        [labelAt(node.operand, `this resolves to ${kindText(operand.kind)}`)],
      ),
    );
  }
  const { constant: value } = operand;
  return {
    type: 'not',
    operand,
    kind: BOOLEAN,
    fallible: operand.fallible,
    returns: operand.returns,
    constant: typeof value === 'boolean' ? !value : undefined,
  };
}

function checkAbort(context: CheckContext, node: Of<'abort'>): Typed {
  const message = node.message === undefined ? undefined : checkInfallible(context, node.message, node.message);
  if (message !== undefined && !isWithin(message.kind, KindBit.string) && message.kind.bits !== 0) {
    context.stop(
      errorAt(
        113,
        'non-string abort message',
        node.message ?? node,
        `an abort message must be a string, this is ${kindText(message.kind)}`,
      ),
    );
  }
  return {
    type: 'abort',
    message,
    kind: NEVER,
    fallible: false,
    returns: message?.returns ?? NEVER,
    constant: undefined,
  };
}

function checkReturn(context: CheckContext, node: Of<'return'>): Typed {
  const value = checkInfallible(context, node.value, { start: node.start, end: node.start + 'return'.length });
  const returns = union(value.returns, undefinedToNull(value.kind));
  return { type: 'return', value, kind: NEVER, fallible: false, returns, constant: undefined };
}

function checkInfallible(context: CheckContext, node: Expression, blamed: Span): Typed {
  const typed = context.handlingFailures(
    () => context.check(node),
    ({ fallible }) => fallible,
  );
  if (typed.fallible) {
    context.stop(
      errorAt(631, 'unhandled fallible expression', blamed, 'this expression can result in runtime error', [
        'handle the error before',
      ]),
    );
  }
  return typed;
}
