import type { Run } from './compiled';
import { notOfType } from './logic';

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
    // Of the two the text is looked at first.
    throw notOfType('operand_type', typeof whole === 'string' ? wanted : whole, 'string', at);
  };
}
