import { ExprRuntimeError } from '../errors';
import { kindOf } from '../value/kind-of';
import type { ExprInteger, Value } from '../value/value';
import { addIntegers } from '../value/integer';
import { isInteger } from './arithmetic';
import type { Compiled, Run } from './compiled';

/** `from..to`: every integer from one bound to the other, both included; empty when reversed. */
export function compileRange(from: Compiled, to: Compiled, at: number): Run {
  return (frame) => {
    const low = bound(from.run(frame), from.at);
    const high = bound(to.run(frame), to.at);
    if (high < low) return [];
    const count = Number(BigInt(high) - BigInt(low)) + 1;
    frame.chargeElements(count, at);
    const items: Value[] = [];
    for (let index = 0; index < count; index++) items.push(addIntegers(low, index));
    return items;
  };
}

function bound(value: Value, at: number): ExprInteger {
  if (isInteger(value)) return value;
  throw new ExprRuntimeError('operand_type', `a range needs integers, got ${kindOf(value)}`, at);
}
