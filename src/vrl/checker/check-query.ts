import type { Span } from '../syntax/source';
import { pathText } from '../syntax/print';
import type { Call, Query, Segment } from '../syntax/tree';
import { kindAt } from '../types/path-kinds';
import { NEVER } from '../types/kind';
import { isObject } from '../value/kind-of';
import type { VrlValue } from '../value/value';
import type { CheckContext } from './context';
import { CheckStopped, errorAt } from './diagnostic';
import type { Typed } from './typed';
import type { VariableInfo } from './variables';

/** What is known of a variable. Reports 701 when there is none (once, and not when its assignment was refused). */
export function variableInfo(context: CheckContext, name: string, span: Span): VariableInfo {
  const info = context.state.variables.get(name);
  if (info !== undefined) return info;
  if (context.broken.has(`variable ${name}`)) throw new CheckStopped();
  const hint = context.suggest(name, context.state.variables.names);
  return context.stop(errorAt(701, 'call to undefined variable', span, 'undefined variable', hint));
}

/** Names a variable or path among the targets of assignments. */
export function targetKey({ base, path }: Query): string {
  return base.type === 'variable' ? `variable ${base.name}${pathText(path)}` : `${base.type} ${pathText(path)}`;
}

/** Did the value of the path, or of its whole variable, not pass the check? */
function isBroken({ broken }: CheckContext, query: Query): boolean {
  const { base } = query;
  if (base.type === 'expression') return false;
  return broken.has(targetKey(query)) || (base.type === 'variable' && broken.has(`variable ${base.name}`));
}

export function checkQuery(context: CheckContext, node: Query): Typed {
  const { base, path } = node;
  if (isBroken(context, node)) throw new CheckStopped();
  const plain = { type: 'query', path, fallible: false, returns: NEVER, constant: undefined } as const;
  switch (base.type) {
    case 'event':
      return { ...plain, base: { type: 'event' }, kind: kindAt(context.state.event, path) };
    case 'metadata':
      return { ...plain, base: { type: 'metadata' }, kind: kindAt(context.state.metadata, path) };
    case 'variable': {
      const info = variableInfo(context, base.name, { start: node.start, end: node.baseEnd });
      return {
        ...plain,
        base: { type: 'variable', slot: context.slotOf(base.name) },
        kind: kindAt(info.kind, path),
        constant: info.constant === undefined ? undefined : constantAt(info.constant, path),
      };
    }
    case 'expression': {
      const found = context.findings.length;
      const expression = context.check(base.expression);
      if (base.expression.type === 'call') forgetNeedlessAbort(context, found, base.expression);
      return {
        ...plain,
        base: { type: 'expression', expression },
        kind: kindAt(expression.kind, path),
        fallible: expression.fallible,
        returns: expression.returns,
        constant: expression.constant === undefined ? undefined : constantAt(expression.constant, path),
      };
    }
  }
}

/** The `!` of a call that a path is read from is never said to be needless (620). */
function forgetNeedlessAbort(context: CheckContext, from: number, { nameSpan }: Call): void {
  const { findings } = context;
  const own = findings.findIndex(({ code, span }, i) => i >= from && code === 620 && span === nameSpan);
  if (own !== -1) findings.splice(own, 1);
}

function constantAt(value: VrlValue, path: readonly Segment[]): VrlValue | undefined {
  let current: VrlValue | undefined = value;
  for (const segment of path) {
    if (current === undefined) return undefined;
    if (typeof segment === 'string') current = isObject(current) ? current[segment] : undefined;
    else current = Array.isArray(current) ? current.at(segment) : undefined;
  }
  return current;
}
