/** Long enough for any name a person types, short enough for an index key and a file name in an export. */
export const MAX_NAME_LENGTH = 255;

/** Control characters, halves of surrogate pairs (UTF-8 cannot store them) and line or paragraph separators. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Why a text cannot be the name of a user, role, pipeline and so on: 1 to 255 characters (UTF-16 code units), none of
 * them a control character. Undefined when it can.
 *
 * @example
 * invalidNameReason('') // 'must have 1 to 255 characters'
 */
export function invalidNameReason(name: string): string | undefined {
  if (name.length === 0 || name.length > MAX_NAME_LENGTH) {
    return `must have 1 to ${MAX_NAME_LENGTH} characters`;
  }
  return FORBIDDEN.test(name) ? 'must not have control characters' : undefined;
}
