import { ExprRuntimeError } from '../errors';
import { kindOf } from '../value/kind-of';
import type { Value } from '../value/value';
import type { Run } from './compiled';

export type TextOperator = 'contains' | 'startsWith' | 'endsWith';

/** Whether `text` has `part` in it as the operator says. */
export function searchText(operator: TextOperator, text: string, part: string): boolean {
  switch (operator) {
    case 'contains':
      return text.includes(part);
    case 'startsWith':
      return text.startsWith(part);
    case 'endsWith':
      return text.endsWith(part);
  }
}

/** `text operator part`: nil on either side is false, other kinds fail. */
export function compileTextSearch(operator: TextOperator, text: Run, part: Run, at: number): Run {
  return (frame) => {
    const whole = text(frame);
    const wanted = part(frame);
    if (typeof whole === 'string' && typeof wanted === 'string') {
      frame.chargeSteps(whole.length >> 4, at);
      return searchText(operator, whole, wanted);
    }
    if (whole === null || wanted === null) return false;
    throw wrongKind(operator, whole, wanted, at);
  };
}

function wrongKind(operator: string, left: Value, right: Value, at: number): ExprRuntimeError {
  return new ExprRuntimeError(
    'operand_type',
    `operator ${operator} is not defined for ${kindOf(left)} and ${kindOf(right)}`,
    at,
  );
}
