import { implementationFor } from '../stdlib/bind';
import { InvalidArgument, type CallSite, type FunctionDefinition } from '../stdlib/definition';
import type { Parameter } from '../stdlib/parameters';
import { spanning } from '../syntax/source';
import type { Argument, Call, Expression } from '../syntax/tree';
import { kindText } from '../types/kind-text';
import { kindWith, kindWithout } from '../types/path-kinds';
import { ANY, mayBe, NEVER, restrict, undefinedToNull, union, type Kind } from '../types/kind';
import { KindBit } from '../value/value';
import { checkClosure, type CheckedClosure } from './check-closure';
import { checkForms, FUNCTION_REFUSALS } from './compile-time-forms';
import type { CheckContext } from './context';
import { errorAt, labelAt, warningAt, type Finding } from './diagnostic';
import type { Typed, TypedCall } from './typed';
import { unionReturns } from './check-expression';

/** An argument with the parameter that it is for. */
export interface BoundArgument {
  readonly param: Parameter<unknown>;
  readonly argument: Argument;
  readonly typed: Typed;
}

export function checkCall(context: CheckContext, node: Call): Typed {
  const typed = context.handlingFailures(
    () => node.arguments.map((argument) => context.check(argument.value)),
    (all) => all.some(({ fallible }) => fallible),
  );
  const definition = context.options.functions.get(node.name);
  if (definition === undefined) return context.stop(unknownFunction(context, node));
  const bound = bindArguments(context, node, definition, typed);
  const site = callSite(context, bound);
  const closure = checkClosure(context, node, definition, bound);
  checkForms(context, node, definition, bound);
  const implementation = refusable(context, node, () => {
    definition.validate?.(site);
    return definition.compile === undefined ? implementationFor(definition, site) : undefined;
  });
  const partial = bound.find(({ param, typed: { kind } }) => isPartial(param, kind.bits));
  const own = typeof definition.fallible === 'function' ? definition.fallible(site) : definition.fallible;
  const canFail = own || partial !== undefined || closure?.fallible === true;
  if (node.aborts && !canFail) {
    context.findings.push(
      warningAt(620, "can't abort infallible function", node.nameSpan, [
        `this call can't fail: remove the \`!\` of \`${node.name}!\``,
      ]),
    );
  }
  // What fails inside the closure stays pending even so: it is the closure's to handle, `!` is for the call itself.
  if (!node.aborts && partial !== undefined) context.pending.push(wrongKind(node, definition, partial));
  const kind =
    typeof definition.returns === 'function' ? definition.returns(site, closure?.result) : definition.returns;
  const removed = removePath(context, definition, bound);
  const call: TypedCall = {
    type: 'call',
    definition,
    arguments: new Map(bound.map(({ param, typed: argument }) => [param.keyword, argument])),
    closure: closure?.closure,
    site,
    implementation,
    span: context.byteSpan(node),
  };
  const never = typed.some((argument) => argument.kind.bits === 0);
  return {
    ...call,
    kind: never ? NEVER : (removed ?? kind),
    fallible: canFail && !node.aborts,
    returns: unionReturns(typed),
    constant: undefined,
  };
}

function unknownFunction(context: CheckContext, node: Call): Finding {
  const hint = context.suggest(node.name, [...context.options.functions.keys()]);
  return errorAt(105, 'call to undefined function', node.nameSpan, 'undefined function', hint);
}

/** Gives every argument its parameter and checks its kind. */
function bindArguments(
  context: CheckContext,
  node: Call,
  definition: FunctionDefinition,
  typed: readonly Typed[],
): BoundArgument[] {
  const { params } = definition;
  if (node.arguments.length > params.length) {
    const all = spanning(node.arguments[0] as Argument, node.arguments.at(-1) as Argument);
    context.stop(
      errorAt(106, 'wrong number of function arguments', all, `too many: ${node.name} takes at most ${params.length}`),
    );
  }
  const chosen = chooseParameters(context, node, params);
  const bound = new Map<string, BoundArgument>();
  node.arguments.forEach((argument, i) => {
    const entry = { param: chosen[i] as Parameter<unknown>, argument, typed: typed[i] as Typed };
    if (entry.typed.kind.bits !== 0 && !mayBe(undefinedToNull(entry.typed.kind), entry.param.kinds)) {
      context.stop(wrongKind(node, definition, entry));
    }
    if (entry.typed.fallible) {
      context.stop(
        errorAt(630, 'fallible argument', argument.value, 'this expression can fail', [
          'handle the error before it is passed on',
        ]),
      );
    }
    bound.set(entry.param.keyword, entry);
  });
  for (const param of params) {
    if (param.required && !bound.has(param.keyword)) {
      context.stop(errorAt(107, 'missing function argument', node, `required argument missing: "${param.keyword}"`));
    }
  }
  return [...bound.values()];
}

/** The parameter of each argument: by name, or the next one in order. */
function chooseParameters(
  context: CheckContext,
  node: Call,
  params: readonly Parameter<unknown>[],
): Parameter<unknown>[] {
  let position = 0;
  return node.arguments.map((argument) => {
    const index =
      argument.keyword === undefined ? position : params.findIndex((param) => param.keyword === argument.keyword);
    if (index === position) position++;
    const param = params[index];
    if (param !== undefined) return param;
    const names = params.map(({ keyword }) => keyword).join(', ');
    const blamed = argument.keywordSpan ?? argument;
    return context.stop(errorAt(108, 'unknown function argument keyword', blamed, `known arguments are: ${names}`));
  });
}

/** May the argument be of a kind that the parameter does not take? */
function isPartial(param: Parameter<unknown>, bits: number): boolean {
  const known = bits & KindBit.undefined ? (bits & ~KindBit.undefined) | KindBit.null : bits;
  return (known & ~param.kinds) !== 0;
}

function wrongKind(node: Call, definition: FunctionDefinition, { param, argument, typed }: BoundArgument): Finding {
  const certain = typed.kind.bits !== 0 && !mayBe(undefinedToNull(typed.kind), param.kinds);
  return errorAt(
    110,
    'invalid argument type',
    argument.value,
    `this expression resolves to ${kindText(undefinedToNull(typed.kind))}`,
    [certain ? 'convert it first' : `convert it first, or end the program on another kind: \`${node.name}!\``],
    [labelAt(node.nameSpan, `the argument "${param.keyword}" of ${definition.name} is ${kindText(param.kinds)}`)],
  );
}

function callSite(context: CheckContext, bound: readonly BoundArgument[]): CallSite {
  const byKeyword = new Map(bound.map((entry) => [entry.param.keyword, entry]));
  return {
    has: (keyword) => byKeyword.has(keyword),
    constant: (keyword) => byKeyword.get(keyword)?.typed.constant,
    kind: (keyword) => {
      const entry = byKeyword.get(keyword);
      return entry === undefined ? undefined : restrict(undefinedToNull(entry.typed.kind), entry.param.kinds);
    },
    rootWith: (keyword, kind) => rootWith(context, byKeyword.get(keyword)?.argument.value, kind),
    timezone: context.options.timezone,
    host: context.options.host,
    invalid: (keyword, message) => new InvalidArgument(403, message, keyword),
    reject: (code, message) => new InvalidArgument(code, message),
  };
}

/** The kind of a path's root with a value of another kind at the path. */
function rootWith(context: CheckContext, argument: Expression | undefined, kind: Kind): Kind {
  if (argument?.type !== 'query') return ANY;
  const { base, path } = argument;
  const { event, metadata, variables } = context.state;
  if (base.type === 'event') return kindWith(event, path, kind);
  if (base.type === 'metadata') return kindWith(metadata, path, kind);
  const variable = base.type === 'variable' ? variables.get(base.name) : undefined;
  return variable === undefined ? ANY : kindWith(variable.kind, path, kind);
}

/** Runs what may refuse constant arguments; a refusal is error 610 around its own code. */
function refusable<T>(context: CheckContext, node: Call, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof InvalidArgument)) throw error;
    const title = FUNCTION_REFUSALS.get(error.code) ?? error.message;
    return context.stop(
      errorAt(610, `function compilation error: error[E${error.code}] ${title}`, node, error.message),
    );
  }
}

/** A call that takes a value out leaves its path absent, and gives what was there, which may be nothing. */
function removePath(
  context: CheckContext,
  definition: FunctionDefinition,
  bound: readonly BoundArgument[],
): Kind | undefined {
  const target = bound.find(({ param }) => param.keyword === definition.removes);
  const removed = target?.argument.value;
  if (target === undefined || removed?.type !== 'query') return undefined;
  const compact = bound.find(({ param }) => param.keyword === 'compact')?.typed;
  // Left out or not known before the program runs, it may be either.
  const mayCompact = compact?.constant === true ? 'yes' : compact?.constant === false ? 'no' : 'maybe';
  const { state } = context;
  const { base, path } = removed;
  if (base.type === 'event') state.event = kindWithout(state.event, path, mayCompact);
  else if (base.type === 'metadata') state.metadata = kindWithout(state.metadata, path, mayCompact);
  else if (base.type === 'variable') {
    const info = state.variables.get(base.name);
    if (info === undefined) return undefined;
    const kind = kindWithout(info.kind, path, mayCompact);
    state.variables.set(base.name, { kind: union(kind, info.kind), constant: undefined });
  }
  return target.typed.kind;
}

export type { CheckedClosure };
