/** Node takes longer times for 1 ms. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Lets others wait until something may have changed. */
export class Signal {
  readonly #waiting = new Set<() => void>();

  /** Wakes all who wait. */
  wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resume of waiting) resume();
  }

  /** Resolves at the next {@link wake}, or after so many milliseconds. */
  wait(timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const resume = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(resume);
        resolve();
      };
      if (timeoutMs !== undefined) timer = setTimeout(resume, Math.min(timeoutMs, MAX_TIMER_MS));
      this.#waiting.add(resume);
    });
  }
}
