import { fail, type Failure } from '../failure';
import { kindText } from '../types/kind-text';
import { kindBitOf } from '../value/kind-of';
import { valueKindText } from '../types/value-kind-text';
import type { VrlValue } from '../value/value';
import type { CallSite, FunctionDefinition, Implementation } from './definition';
import type { Parameter } from './parameters';

/** Refuses a value of a kind that the parameter does not take. */
export function checkArgument(param: Parameter<unknown>, value: VrlValue): void {
  const failure = refusal(param, value);
  if (failure !== undefined) throw failure;
}

/** The failure of an argument whose kind the parameter does not take; undefined when it does. */
export function refusal(param: Parameter<unknown>, value: VrlValue): Failure | undefined {
  if ((kindBitOf(value) & param.kinds) !== 0 || param.lenient === true) return undefined;
  return param.refuse?.(value) ?? wrongKind(param.kinds, value);
}

/** The failure of an argument, or of an assertion, that is of another kind than wanted. */
export function wrongKind(kinds: number, value: VrlValue) {
  return fail(() => `expected ${kindText(kinds)}, got ${valueKindText(value)}`);
}

/** The implementation for one call site. */
export function implementationFor(definition: FunctionDefinition, site: CallSite): Implementation {
  const implementation = definition.prepare?.(site) ?? definition.run;
  if (implementation === undefined)
    throw new TypeError(`function ${definition.name} has no implementation over values`);
  return implementation;
}
