import { checkTypes } from '../builtins/definition';
import { ExprRuntimeError } from '../errors';
import type { CallNode, ExprNode, MemberNode } from '../syntax/tree';
import { findMethod, hasMethods, runMethod } from '../time/methods';
import { describeKind, describeType, mayBe, UNKNOWN, type StaticType } from '../types/static-type';
import { kindOf } from '../value/kind-of';
import { ExprFunction, type Value } from '../value/value';
import { memberOf, SKIPPED } from './access';
import type { Compiled } from './compiled';
import type { Compiler } from './compiler';

/** A call of a value: a method of a time and its like, or a function of the host, which no record has. */
export function compileCall(node: CallNode, compiler: Compiler): Compiled {
  const { callee } = node;
  if (callee.kind === 'member' && callee.property.kind === 'string' && !compiler.isWhole(callee.target)) {
    return compileMethod(node, callee, callee.property.value, compiler);
  }
  return compileFunction(node, compiler);
}

function compileFunction(node: CallNode, compiler: Compiler): Compiled {
  const at = node.at;
  const callee = compiler.compile(node.callee);
  if (!mayBe(callee.type, 'function')) {
    throw compiler.error('not_callable', callProblem(callee.type, node.callee), at);
  }
  const args = compileArguments(node.arguments, compiler);
  return {
    type: UNKNOWN,
    at,
    run: (frame) => {
      const target = callee.run(frame);
      return target === SKIPPED
        ? SKIPPED
        : callFunction(
            target,
            args.map((argument) => argument.run(frame)),
            at,
          );
    },
  };
}

function callProblem(type: StaticType, callee: ExprNode): string {
  if (type.kind !== 'nil') return `${describeType(type)} is not callable`;
  return `${callee.kind === 'identifier' ? callee.name : 'function'} is nil; cannot call nil as function`;
}

function compileMethod(node: CallNode, callee: MemberNode, name: string, compiler: Compiler): Compiled {
  const at = callee.property.at;
  const target = compiler.compile(callee.target);
  const args = compileArguments(node.arguments, compiler);
  const type = methodType(target.type, name, args, at, compiler);
  const { optional } = callee;
  return {
    type,
    at: node.at,
    run: (frame) => {
      const value = target.run(frame);
      if (value === SKIPPED || (optional && value === null)) return SKIPPED;
      const kind = kindOf(value);
      const method = findMethod(kind, name);
      if (method === undefined) {
        if (hasMethods(kind))
          throw new ExprRuntimeError('member_type', `cannot fetch ${name} from ${describeKind(kind)}`, at);
        const member = memberOf(value, name, at);
        return callFunction(
          member,
          args.map((argument) => argument.run(frame)),
          at,
        );
      }
      return runMethod(
        method,
        name,
        value,
        args.map((argument) => argument.run(frame)),
        at,
      );
    },
  };
}

function methodType(
  target: StaticType,
  name: string,
  args: readonly Compiled[],
  at: number,
  compiler: Compiler,
): StaticType {
  const method = findMethod(target.kind, name);
  if (method === undefined) {
    if (mayBe(target, 'map')) return UNKNOWN;
    const type = target.kind === 'nil' ? 'nil has no field' : `${describeType(target)} has no method`;
    throw compiler.error('member_type', `type ${type} ${name}`, at);
  }
  const problem = checkTypes(
    name,
    args.map((argument) => argument.type),
    method.signature,
  );
  if (problem !== undefined) {
    const place = problem.argument === undefined ? at : args[problem.argument]?.at;
    throw compiler.error('argument_type', problem.message, place ?? at);
  }
  if (method.manyResults === true) {
    throw compiler.error('member_type', `func ${name} returns more then two values`, at);
  }
  const { result } = method.signature;
  return typeof result === 'function' ? UNKNOWN : result;
}

function compileArguments(nodes: readonly ExprNode[], compiler: Compiler): readonly Compiled[] {
  return nodes.map((node) => compiler.compile(node));
}

function callFunction(target: Value, args: readonly Value[], at: number): Value {
  if (target instanceof ExprFunction) return target.call(args, at);
  const callee = target === null ? 'nil' : `non-function of type ${describeKind(kindOf(target))}`;
  throw new ExprRuntimeError('not_callable', `invalid operation: cannot call ${callee}`, at);
}
