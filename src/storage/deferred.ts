/** Something that will be done for several who wait for it. They share one promise. */
export class Deferred {
  /** Settled with {@link settle}. */
  readonly done: Promise<void>;
  settle: (error?: Error) => void = () => undefined;

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.settle = (error) => (error === undefined ? resolve() : reject(error));
    });
    // Whoever waits handles the failure; there may be nobody who does.
    this.done.catch(() => undefined);
  }
}
