import { emptyRegex } from '../regex';
import type { Span } from '../syntax/source';
import { printTarget } from '../syntax/print';
import type { Assignment, Query, Target } from '../syntax/tree';
import { kindText } from '../types/kind-text';
import { firstBadSegment, kindAt, kindWith } from '../types/path-kinds';
import { NEVER, NULL, STRING, undefinedToNull, union, type Kind } from '../types/kind';
import { emptyObject, KindBit, VrlFloat, VrlTimestamp, type VrlValue } from '../value/value';
import { mergedKind, requireObjects, withDefault } from './check-binary';
import { checkQuery, targetKey, variableInfo } from './check-query';
import type { CheckContext } from './context';
import { CheckStopped, errorAt, labelAt } from './diagnostic';
import type { Typed, TypedTarget } from './typed';

export function checkAssignment(context: CheckContext, node: Assignment): Typed {
  return node.errorTarget === undefined ? checkSingle(context, node) : checkDouble(context, node, node.errorTarget);
}

/** Checks the value; when it does not pass, later uses of the targets are not to blame. */
function checkValue(context: CheckContext, node: Assignment): Typed {
  const before = context.pending.length;
  try {
    return context.check(node.value);
  } catch (stopped) {
    if (stopped instanceof CheckStopped) {
      // What fails inside would have been the assignment's to handle.
      context.pending.length = before;
      for (const target of [node.target, node.errorTarget]) {
        if (target?.type === 'query') context.broken.add(targetKey(target));
      }
    }
    throw stopped;
  }
}

function checkSingle(context: CheckContext, node: Assignment): Typed {
  const before = context.pending.length;
  const current = mergedTarget(context, node);
  const written = checkValue(context, node);
  const value = current === undefined ? written : merged(context, node, current, written);
  const cause = context.pending[before];
  // Also what fails in a closure of it, whose `!` is for the call alone.
  if (cause !== undefined || written.fallible) {
    context.pending.length = before;
    // What may be of the wrong kind is the reason, and worth telling.
    const reasons = cause?.code === 110 ? cause.labels : [];
    context.stop(
      errorAt(
        103,
        'unhandled fallible assignment',
        node.value,
        'this expression is fallible',
        ['handle the error: abort with `!`, give a default with `??`, or assign it with `ok, err = ...`'],
        [
          ...reasons,
          labelAt(node.target, `or take the error here: ${printTarget(node.target)}, err ${node.operator} ...`),
        ],
      ),
    );
  }
  if (node.target.type === 'ignore') {
    context.stop(errorAt(640, 'unnecessary no-op assignment', node.value, 'this assignment has no effect'));
  }
  const target = checkTarget(context, node.target, node.value);
  // What may be absent is stored as null; what the assignment gives is the value as it is.
  assign(context, node.target, undefinedToNull(value.kind), value.constant);
  const { kind, returns, constant } = value;
  return { type: 'assignment', target, value, kind, fallible: false, returns, constant };
}

function checkDouble(context: CheckContext, node: Assignment, errorTarget: Target): Typed {
  const before = context.state.copy();
  const pending = context.pending.length;
  const current = mergedTarget(context, node);
  const written = checkValue(context, node);
  const value = current === undefined ? written : merged(context, node, current, written);
  context.pending.length = pending;
  context.state.forgetConstantsSince(before);
  if (!written.fallible) {
    context.stop(
      errorAt(104, 'unnecessary error assignment', errorTarget, 'there is no error to assign: remove this', undefined, [
        labelAt(node.value, "this expression can't fail"),
      ]),
    );
  }
  if (node.target.type === 'ignore' && errorTarget.type === 'ignore') {
    context.stop(errorAt(640, 'unnecessary no-op assignment', node.value, 'this assignment has no effect'));
  }
  const target = checkTarget(context, node.target, node.value);
  const errors = checkTarget(context, errorTarget, node.value);
  const kind = undefinedToNull(value.kind);
  const fallback = defaultOf(kind);
  assign(context, node.target, withDefault(kind, fallback), undefined);
  assign(context, errorTarget, union(STRING, NULL), undefined);
  return {
    type: 'fallibleAssignment',
    target,
    errorTarget: errors,
    value,
    fallback,
    kind: union(kind, STRING),
    fallible: false,
    returns: value.returns,
    constant: undefined,
  };
}

/** What `_ |=` merges into: no object. */
const NOTHING: Typed = {
  type: 'constant',
  constant: null,
  kind: NULL,
  fallible: false,
  returns: NEVER,
};

/** What `|=` merges into; undefined for `=`. It is looked at before the value: `target |= value` is `target = target | value`. */
function mergedTarget(context: CheckContext, { operator, target, value }: Assignment): Typed | undefined {
  if (operator === '=') return undefined;
  if (target.type === 'ignore') return NOTHING;
  if (target.base.type === 'variable' && target.path.length === 0) variableInfo(context, target.base.name, value);
  return checkQuery(context, target);
}

function merged(context: CheckContext, node: Assignment, current: Typed, value: Typed): Typed {
  requireObjects(context, node.target, current);
  requireObjects(context, node.value, value);
  return {
    type: 'binary',
    operator: '|',
    left: current,
    right: value,
    kind: mergedKind(current.kind, value.kind),
    fallible: value.fallible,
    returns: value.returns,
    constant: undefined,
  };
}

/** Refuses what cannot be written to: 641, 315, 642. */
function checkTarget(context: CheckContext, target: Target, value: Span): TypedTarget {
  if (target.type === 'ignore') return undefined;
  const { base, path } = target;
  if (base.type === 'expression') {
    return context.stop(
      errorAt(
        641,
        'invalid assignment target',
        target,
        'only variables and paths of the event or its metadata can be assigned to',
      ),
    );
  }
  if (base.type !== 'variable' && context.options.readOnlyPaths.protects(base.type, path)) {
    context.stop(errorAt(315, 'mutation of read-only value', { start: target.start, end: value.start - 1 }));
  }
  // The metadata is the host's: what it knows of its kind does not stand in the way.
  const bad = base.type === 'metadata' ? undefined : firstBadSegment(rootKind(context, target), path);
  if (bad !== undefined) {
    const needed = typeof path[bad] === 'string' ? 'object' : 'array';
    const parent = kindText(kindAt(rootKind(context, target), path.slice(0, -1)));
    context.stop(
      errorAt(
        642,
        'parent path segment rejects this mutation',
        { start: target.lastSegmentStart, end: target.end },
        `a parent of this path is no ${needed}`,
        [`assign an ${needed} to the parent first`],
        [labelAt({ start: target.start, end: target.lastSegmentStart }, `this resolves to ${parent}`)],
      ),
    );
  }
  if (base.type === 'variable')
    return { type: 'query', base: { type: 'variable', slot: context.slotOf(base.name) }, path };
  return { type: 'query', base: { type: base.type }, path };
}

function rootKind(context: CheckContext, target: Query): Kind {
  const { base } = target;
  if (base.type === 'event') return context.state.event;
  if (base.type === 'metadata') return context.state.metadata;
  return base.type === 'variable' ? (context.state.variables.get(base.name)?.kind ?? NEVER) : NEVER;
}

/** Applies an assignment to what is known. */
function assign(context: CheckContext, target: Target, kind: Kind, constant: VrlValue | undefined): void {
  if (target.type === 'ignore') return;
  const { state } = context;
  const { base, path } = target;
  if (base.type === 'variable' && kind.bits === 0 && state.variables.get(base.name) === undefined) {
    // Never executed, but the name is known from here on.
    state.variables.set(base.name, { kind: NEVER, constant: undefined });
    return;
  }
  const after = kindWith(rootKind(context, target), path, kind);
  if (base.type === 'event') state.event = after;
  else if (base.type === 'metadata') state.metadata = after;
  else if (base.type === 'variable') {
    state.variables.set(base.name, { kind: after, constant: path.length === 0 ? constant : undefined });
  }
}

/** What an infallible assignment stores after an error: the empty value of the kind if it is just one, else null. */
function defaultOf(kind: Kind): VrlValue {
  switch (kind.bits) {
    case KindBit.string:
      return '';
    case KindBit.integer:
      return 0;
    case KindBit.float:
      return new VrlFloat(0);
    case KindBit.boolean:
      return false;
    case KindBit.timestamp:
      return new VrlTimestamp(0, 0);
    case KindBit.regex:
      return emptyRegex();
    case KindBit.array:
      return [];
    case KindBit.object:
      return emptyObject();
    default:
      return null;
  }
}
