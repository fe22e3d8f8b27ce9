/** An entry, wherever it is. */
export interface WaitingEntry {
  readonly id: number;
  readonly remaining: number;
  readonly bytes: number;
  readonly isSpooled: boolean;
}

/** The first entries of a list up to so many bytes and at least one, or as many as have at least so many. */
export function firstOf(
  waiting: readonly WaitingEntry[],
  bytes: number,
  limit: 'up to' | 'at least' = 'up to',
): WaitingEntry[] {
  const first: WaitingEntry[] = [];
  let sum = 0;
  for (const entry of waiting) {
    if (limit === 'at least' ? sum >= bytes : first.length > 0 && sum + entry.bytes > bytes) break;
    first.push(entry);
    sum += entry.bytes;
  }
  return first;
}
