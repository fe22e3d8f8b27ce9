import { describeKind, INT } from '../types/static-type';
import { kindOf } from '../value/kind-of';
import { wrap } from '../value/integer';
import type { Value } from '../value/value';
import { define, integerAt, valueError, WHOLE, type Builtin, type Signature } from './definition';

const WIDTH = 64n;

function words(name: string): Pick<Signature, 'failure'> {
  return {
    failure: (value) => `cannot use ${describeKind(kindOf(value))} as argument (type int) to call ${name}`,
  };
}

function binary(name: string, operate: (left: bigint, right: bigint) => bigint): Builtin {
  return define(name, { parameters: [WHOLE, WHOLE], result: INT, ...words(name) }, (args) =>
    wrap(operate(bigAt(args, 0), bigAt(args, 1))),
  );
}

function shift(name: string, operate: (value: bigint, count: bigint) => bigint): Builtin {
  return define(name, { parameters: [WHOLE, WHOLE], result: INT, ...words(name) }, (args, _frame, at) => {
    const count = bigAt(args, 1);
    if (count < 0n) throw valueError(`invalid operation: negative shift count ${count} (type int)`, at);
    // All bits are gone at the width already; a larger count would only make larger numbers.
    return wrap(operate(bigAt(args, 0), count > WIDTH ? WIDTH : count));
  });
}

function bigAt(args: readonly Value[], index: number): bigint {
  return BigInt(integerAt(args, index) ?? 0);
}

export const BIT_BUILTINS: readonly Builtin[] = [
  binary('bitand', (left, right) => left & right),
  binary('bitor', (left, right) => left | right),
  binary('bitxor', (left, right) => left ^ right),
  binary('bitnand', (left, right) => left & ~right),
  define('bitnot', { parameters: [WHOLE], result: INT, ...words('bitnot') }, (args) => wrap(~bigAt(args, 0))),
  shift('bitshl', (value, count) => value << count),
  shift('bitshr', (value, count) => value >> count),
  shift('bitushr', (value, count) => BigInt.asUintN(Number(WIDTH), value) >> count),
];
