import { ExprRuntimeError } from '../errors';
import { describeKind } from '../types/static-type';
import { kindOf } from '../value/kind-of';
import { ExprFloat, type ExprInteger, type Value } from '../value/value';
import { addIntegers, truncateToInteger } from '../value/integer';
import { isInteger } from './arithmetic';
import type { Compiled, Run } from './compiled';

/** `from..to`: every integer from one bound to the other, both included; empty when reversed. */
export function compileRange(from: Compiled, to: Compiled, at: number): Run {
  return (frame) => {
    const low = bound(from.run(frame), at);
    const high = bound(to.run(frame), at);
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
  if (value instanceof ExprFloat) return truncateToInteger(value.value);
  throw new ExprRuntimeError('operand_type', `invalid operation: int(${describeKind(kindOf(value))})`, at);
}
