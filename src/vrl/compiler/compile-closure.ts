import type { TypedClosure } from '../checker/typed';
import { spend } from '../limits';
import { ReturnSignal, type Runtime } from '../runtime';
import type { CompiledClosure } from '../stdlib/compiled-call';
import type { VrlValue } from '../value/value';
import { compile } from './compile-expression';

/** The block of a closure as a function of its variables, which it puts in place for each round. */
export function compileClosure(closure: TypedClosure): CompiledClosure {
  const block = compile(closure.block);
  const [first, second] = closure.slots;
  return {
    call(runtime, a, b): VrlValue {
      spend(1);
      const { variables } = runtime;
      const outerFirst = replace(runtime, first, a);
      const outerSecond = replace(runtime, second, b);
      try {
        return block(runtime);
      } finally {
        if (second !== undefined) variables[second] = outerSecond;
        if (first !== undefined) variables[first] = outerFirst;
      }
    },
    isReturn: (signal): signal is ReturnSignal => signal instanceof ReturnSignal,
  };
}

/** Puts a closure variable in place; gives what was there. */
function replace(runtime: Runtime, slot: number | undefined, value: VrlValue): VrlValue {
  if (slot === undefined) return null;
  const outer = runtime.variables[slot] as VrlValue;
  runtime.variables[slot] = value;
  return outer;
}
