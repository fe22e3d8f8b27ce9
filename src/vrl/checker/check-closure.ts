import type { FunctionDefinition } from '../stdlib/definition';
import type { Call, Closure } from '../syntax/tree';
import { kindText } from '../types/kind-text';
import { isWithin, undefinedToNull, union, type Kind } from '../types/kind';
import type { BoundArgument } from './check-call';
import type { CheckContext } from './context';
import { assignedVariables } from './assigned-variables';
import { errorAt, labelAt } from './diagnostic';
import type { TypedClosure } from './typed';

export interface CheckedClosure {
  readonly closure: TypedClosure;
  readonly fallible: boolean;
  /** What one round gives, `return` included. */
  readonly result: Kind;
}

/** Checks a call's closure; undefined for functions that take none. Its block is typed as if it ran exactly once. */
export function checkClosure(
  context: CheckContext,
  node: Call,
  definition: FunctionDefinition,
  bound: readonly BoundArgument[],
): CheckedClosure | undefined {
  const { closure } = node;
  const spec = definition.closure;
  if (spec === undefined) {
    if (closure === undefined) return undefined;
    return context.stop(
      errorAt(109, 'unexpected closure', closure, 'remove this', undefined, [
        labelAt(node.nameSpan, `${node.name} takes no closure`),
      ]),
    );
  }
  if (closure === undefined) {
    return context.stop(errorAt(111, 'missing closure', node, `${node.name} needs a closure: -> |...| { ... }`));
  }
  const iterated = bound.find(({ param }) => param.keyword === spec.iterates);
  if (iterated === undefined) throw new TypeError(`${definition.name} iterates an unknown parameter`);
  const kind = undefinedToNull(iterated.typed.kind);
  // What there never is, such as a member of an empty array, is of every kind.
  if (kind.bits !== 0 && !isWithin(kind, iterated.param.kinds)) {
    context.stop(
      errorAt(
        121,
        'type mismatch in closure parameter',
        node,
        `${node.name} goes through what certainly is ${kindText(iterated.param.kinds)}`,
        ['assert its kind first, for instance with object!(...)'],
        [labelAt(iterated.argument.value, `this resolves to ${kindText(kind)}`)],
      ),
    );
  }
  const kinds = spec.variables(kind);
  if (closure.variables.length !== kinds.length) {
    context.stop(
      errorAt(
        120,
        'invalid closure arity',
        node.nameSpan,
        `${node.name} needs a closure of ${kinds.length} variables`,
        undefined,
        [labelAt({ start: closure.start, end: closure.block.start }, `this one has ${closure.variables.length}`)],
      ),
    );
  }
  const block = checkBlock(context, closure, kinds);
  const result = union(undefinedToNull(block.kind), block.returns);
  if (result.bits !== 0 && !isWithin(result, spec.result)) {
    context.stop(
      errorAt(
        122,
        'type mismatch in closure return type',
        closure.block,
        `the block must give ${kindText(spec.result)}, it gives ${kindText(result)}`,
      ),
    );
  }
  const slots = closure.variables.map((name) => (name === undefined ? undefined : context.slotOf(name)));
  return { closure: { slots, block }, fallible: block.fallible, result };
}

/** Types the block with its variables set; they shadow outer ones of their names. */
function checkBlock(context: CheckContext, closure: Closure, kinds: readonly Kind[]) {
  const { state } = context;
  const assigned = assignedVariables(closure.block);
  // A later round sees what an earlier one assigned.
  state.forgetConstants(assigned);
  const shadowed = closure.variables.map((name) => (name === undefined ? undefined : state.variables.get(name)));
  closure.variables.forEach((name, i) => {
    const kind = undefinedToNull(kinds[i] as Kind);
    if (name !== undefined) state.variables.set(name, { kind, constant: undefined });
  });
  try {
    return context.check(closure.block);
  } finally {
    // There may be no round at all: what was assigned is known by kind, not by value.
    state.forgetConstants(assigned);
    closure.variables.forEach((name, i) => {
      if (name === undefined) return;
      const outer = shadowed[i];
      if (outer === undefined) state.variables.delete(name);
      else state.variables.set(name, outer);
    });
  }
}
