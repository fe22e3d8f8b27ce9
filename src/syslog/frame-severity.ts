import { DIGIT_0, GREATER_THAN, LESS_THAN, isDigit } from './ascii';
import type { SyslogFrame } from './frame';
import { DEFAULT_PRIORITY, MAX_PRIORITY } from './priority';

const SEVERITIES = 8;

/**
 * The severity in the PRI of a message, 0 (emergency) to 7 (debug), without parsing the rest; that of the default priority
 * where there is no valid PRI at the begin.
 */
export function frameSeverity({ bytes, start, end }: SyslogFrame): number {
  let priority = 0;
  let position = start + 1;
  while (position < end && priority <= MAX_PRIORITY && isDigit(bytes[position])) {
    priority = priority * 10 + (bytes[position++] as number) - DIGIT_0;
  }
  const isPriority = bytes[start] === LESS_THAN && position > start + 1 && position < end;
  const isValid = isPriority && bytes[position] === GREATER_THAN && priority <= MAX_PRIORITY;
  return (isValid ? priority : DEFAULT_PRIORITY) % SEVERITIES;
}
