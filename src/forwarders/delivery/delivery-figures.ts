/** What a forwarder's delivery did since the start of the service. They go on when its configuration changes. */
export interface DeliveryFigures {
  /** Records that the destination took. */
  delivered: number;
  /** Records that were offered again. */
  retried: number;
  /** Records that became dead letters. */
  deadLetters: number;
  /** Attempts after which nothing was taken. */
  failedAttempts: number;
  /** Records that were not queued because the queue was full (`drop_newest`). */
  droppedNewest: number;
  /** When the destination last took a record, milliseconds since the Unix epoch. */
  lastSuccessAt: number | undefined;
  lastError: { readonly message: string; readonly at: number } | undefined;
  /** When the next attempt is made, milliseconds since the Unix epoch; undefined when nothing waits for it. */
  nextAttemptAt: number | undefined;
}

export function noFigures(): DeliveryFigures {
  return {
    delivered: 0,
    retried: 0,
    deadLetters: 0,
    failedAttempts: 0,
    droppedNewest: 0,
    lastSuccessAt: undefined,
    lastError: undefined,
    nextAttemptAt: undefined,
  };
}
