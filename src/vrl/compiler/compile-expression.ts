import type { Typed } from '../checker/typed';
import { AbortSignal, ReturnSignal, type Runtime } from '../runtime';
import { wrongKind } from '../stdlib/bind';
import type { Evaluate } from '../stdlib/compiled-call';
import { mayBe } from '../types/kind';
import { emptyObject, KindBit, type VrlString, type VrlValue } from '../value/value';
import { textOf } from '../value/bytes';
import { kindBitOf } from '../value/kind-of';
import { compileAssignment, compileFallibleAssignment } from './compile-assignment';
import { compileBinary } from './compile-binary';
import { compileCall } from './compile-call';
import { compileQuery } from './compile-query';
import { isPure, mutatesCollections } from './effects';
import { add } from './operators';
import { copyValue } from './paths';

/**
 * The expression as a function over a run's state. A collection that it gives may be shared with a variable, the event
 * or a constant, and must be copied before it is stored or changed: see {@link compileOwned}.
 */
export function compile(node: Typed): Evaluate {
  if (node.constant !== undefined && isPure(node)) {
    const { constant } = node;
    return () => constant;
  }
  switch (node.type) {
    case 'constant':
      return () => node.constant;
    case 'template':
      return compileTemplate(node.parts);
    case 'array':
      return compileArray(compileInOrder(node.items, compile));
    case 'object':
      return compileObject(node.keys, compileInOrder(node.values, compile));
    case 'block':
      return compileBlock(node.body.map(compile));
    case 'if':
      return compileIf(node, compile);
    case 'binary':
      return compileBinary(node, compile);
    case 'not': {
      const operand = compile(node.operand);
      return (runtime) => operand(runtime) !== true;
    }
    case 'query':
      return compileQuery(node);
    case 'call':
      return compileCall(node);
    case 'assignment':
      return compileAssignment(node);
    case 'fallibleAssignment':
      return compileFallibleAssignment(node);
    case 'abort':
      return compileAbort(node.message);
    case 'return': {
      const value = compile(node.value);
      return (runtime) => {
        throw new ReturnSignal(value(runtime));
      };
    }
  }
}

/** Like {@link compile}, for results that are stored: their collections belong to the one who evaluates. */
export function compileOwned(node: Typed): Evaluate {
  if (!mayBe(node.kind, KindBit.array | KindBit.object)) return compile(node);
  switch (node.type) {
    case 'array':
      return compileArray(node.items.map(compileOwned));
    case 'object':
      return compileObject(node.keys, node.values.map(compileOwned));
    case 'block': {
      const last = node.body.length - 1;
      return compileBlock(node.body.map((part, i) => (i === last ? compileOwned(part) : compile(part))));
    }
    case 'if':
      return compileIf(node, compileOwned);
    case 'binary':
      if (node.operator === '??' || node.operator === '||' || node.operator === '|')
        return compileBinary(node, compileOwned);
      break;
    case 'call':
      if (node.definition.fresh === true) return compileCall(node);
      break;
    default:
  }
  const shared = compile(node);
  return (runtime) => copyValue(shared(runtime));
}

/**
 * Compiles operands that are evaluated one after the other and then used together: what a later one may change must not
 * change in the hands of an earlier one.
 */
export function compileInOrder(nodes: readonly Typed[], how: (node: Typed) => Evaluate): Evaluate[] {
  return nodes.map((node, i) => (nodes.slice(i + 1).some(mutatesCollections) ? compileOwned(node) : how(node)));
}

function compileTemplate(parts: readonly (string | { readonly slot: number })[]): Evaluate {
  const [first, ...rest] = parts;
  if (first === undefined) return () => '';
  return ({ variables }) => {
    let sum = typeof first === 'string' ? first : (variables[first.slot] as VrlValue);
    for (const part of rest) sum = add(sum, typeof part === 'string' ? part : (variables[part.slot] as VrlValue));
    return sum;
  };
}

function compileArray(items: readonly Evaluate[]): Evaluate {
  return (runtime) => {
    const array = new Array<VrlValue>(items.length);
    for (let i = 0; i < items.length; i++) array[i] = (items[i] as Evaluate)(runtime);
    return array;
  };
}

function compileObject(keys: readonly string[], values: readonly Evaluate[]): Evaluate {
  return (runtime) => {
    const object = emptyObject();
    for (let i = 0; i < keys.length; i++) object[keys[i] as string] = (values[i] as Evaluate)(runtime);
    return object;
  };
}

function compileBlock(body: readonly Evaluate[]): Evaluate {
  const [first, second] = body;
  if (body.length === 1 && first !== undefined) return first;
  if (body.length === 2 && first !== undefined && second !== undefined) {
    return (runtime) => {
      first(runtime);
      return second(runtime);
    };
  }
  return (runtime) => {
    let value: VrlValue = null;
    for (let i = 0; i < body.length; i++) value = (body[i] as Evaluate)(runtime);
    return value;
  };
}

function compileIf(node: Typed & { type: 'if' }, branch: (node: Typed) => Evaluate): Evaluate {
  const predicate = compile(node.predicate);
  const then = branch(node.then);
  if (node.otherwise === undefined) return (runtime) => (predicate(runtime) === true ? then(runtime) : null);
  const otherwise = branch(node.otherwise);
  return (runtime) => (predicate(runtime) === true ? then(runtime) : otherwise(runtime));
}

function compileAbort(message: Typed | undefined): Evaluate {
  if (message === undefined) {
    return () => {
      throw new AbortSignal(undefined);
    };
  }
  const text = compile(message);
  return (runtime: Runtime) => {
    const value = text(runtime);
    if (kindBitOf(value) !== KindBit.string) throw wrongKind(KindBit.string, value);
    throw new AbortSignal(textOf(value as VrlString));
  };
}
