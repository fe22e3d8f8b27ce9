import { JsonSyntaxError, readJson } from './stdlib/json/json-reader';
import type { VrlValue } from './value/value';

/**
 * Reads JSON text into a value, integers of 64 bits kept whole and floats kept apart from integers.
 *
 * @throws SyntaxError with line and column
 * @example kindOf(fromJson('1.0')) // 'float'
 */
export function fromJson(text: string): VrlValue {
  try {
    return readJson(text);
  } catch (error) {
    throw error instanceof JsonSyntaxError ? new SyntaxError(error.message) : error;
  }
}
