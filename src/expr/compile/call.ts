import { checkTypes } from '../builtins/definition';
import { ExprRuntimeError } from '../errors';
import type { CallNode, ExprNode, MemberNode } from '../syntax/tree';
import { findMethod, hasMethods, runMethod } from '../time/methods';
import { describeType, mayBe, UNKNOWN, type StaticType } from '../types/static-type';
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
  const at = node.start;
  const callee = compiler.compile(node.callee);
  if (!mayBe(callee.type, 'function')) {
    throw compiler.error('not_callable', `${describeType(callee.type)} cannot be called`, at);
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

function compileMethod(node: CallNode, callee: MemberNode, name: string, compiler: Compiler): Compiled {
  const at = callee.property.start;
  const target = compiler.compile(callee.target);
  const args = compileArguments(node.arguments, compiler);
  const type = methodType(target.type, name, args, at, compiler);
  const { optional } = callee;
  return {
    type,
    at: node.start,
    run: (frame) => {
      const value = target.run(frame);
      if (value === SKIPPED || (optional && value === null)) return SKIPPED;
      const kind = kindOf(value);
      const method = findMethod(kind, name);
      if (method === undefined) {
        if (hasMethods(kind)) throw new ExprRuntimeError('member_type', `${kind} has no method ${name}`, at);
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
    throw compiler.error('member_type', `${describeType(target)} has no method ${name}`, at);
  }
  const problem = checkTypes(
    args.map((argument) => argument.type),
    method.signature,
  );
  if (problem !== undefined) throw compiler.error('argument_type', `${name}: ${problem}`, at);
  const { result } = method.signature;
  return typeof result === 'function' ? UNKNOWN : result;
}

function compileArguments(nodes: readonly ExprNode[], compiler: Compiler): readonly Compiled[] {
  return nodes.map((node) => compiler.compile(node));
}

function callFunction(target: Value, args: readonly Value[], at: number): Value {
  if (target instanceof ExprFunction) return target.call(args, at);
  throw new ExprRuntimeError('not_callable', `${kindOf(target)} cannot be called`, at);
}
