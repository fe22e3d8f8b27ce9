import { KEPT_OR_NIL } from '../builtins/predicates';
import { findBuiltin } from '../builtins/registry';
import { PREDICATE_BUILTINS } from '../syntax/builtin-names';
import type { BuiltinNode } from '../syntax/tree';
import type { Compiled } from './compiled';
import type { Compiler } from './compiler';
import { compileFilterEdge, compilePredicateCall } from './predicate-call';

/** A call of a builtin. */
export function compileBuiltin(node: BuiltinNode, compiler: Compiler): Compiled {
  const { name, at } = node;
  if (PREDICATE_BUILTINS.has(name)) return compilePredicateCall(node, compiler);
  const [only] = node.arguments;
  if ((name === 'first' || name === 'last') && only !== undefined && node.arguments.length === 1) {
    const edge = compileFilterEdge(node, only, KEPT_OR_NIL[name], compiler);
    if (edge !== undefined) return edge;
  }
  const builtin = findBuiltin(name);
  if (builtin === undefined) throw compiler.error('unknown_name', `unknown builtin ${name}`, at);
  const args = node.arguments.map((argument) => compiler.compile(argument));
  const type = builtin.check(args.map((argument) => argument.type));
  if ('message' in type) {
    const argument = type.argument === undefined ? undefined : node.arguments[type.argument];
    throw compiler.error('argument_type', type.message, argument?.at ?? at);
  }
  const runs = args.map((argument) => argument.run);
  const [first] = runs;
  if (first !== undefined && runs.length === 1) {
    return { type, at, run: (frame) => builtin.call([first(frame)], frame, at) };
  }
  return {
    type,
    at,
    run: (frame) =>
      builtin.call(
        runs.map((run) => run(frame)),
        frame,
        at,
      ),
  };
}
