/** PRI of a message that has none or a wrong one: user.notice (RFC 3164 section 4.3.3). */
export const DEFAULT_PRIORITY = 13;
/** The largest PRI: facility 23, severity 7 (RFC 5424 section 6.2.1). */
export const MAX_PRIORITY = 191;

const DECIMALS: readonly string[] = Array.from({ length: MAX_PRIORITY + 1 }, (_, number) => String(number));

/** PRI as decimal text. */
export function priorityText(priority: number): string {
  return DECIMALS[priority] as string;
}

/** Facility of a PRI as decimal text. */
export function facilityText(priority: number): string {
  return DECIMALS[priority >> 3] as string;
}

/** Severity of a PRI as decimal text. */
export function severityText(priority: number): string {
  return DECIMALS[priority & 7] as string;
}
