import type { Ingest } from '../../pipeline/ingest';
import type { SyslogIntake } from './syslog-intake';

/** Closed while the store has enough to do; opens by itself. */
export class BackPressureGate {
  readonly #ingest: Ingest;
  readonly #intake: SyslogIntake;
  readonly #onChange: (closed: boolean) => void;
  #closed = false;

  /** @param onChange told when the gate closes and opens */
  constructor(ingest: Ingest, intake: SyslogIntake, onChange: (closed: boolean) => void) {
    this.#ingest = ingest;
    this.#intake = intake;
    this.#onChange = onChange;
  }

  /** Closes the gate when there is no room. @returns whether it is closed */
  check(): boolean {
    if (!this.#closed && this.#full) {
      this.#closed = true;
      this.#onChange(true);
      this.#wait();
    }
    return this.#closed;
  }

  get #full(): boolean {
    return this.#ingest.busy || this.#intake.stuck;
  }

  #wait(): void {
    this.#ingest.onDrain(() =>
      this.#intake.onRoom(() => {
        if (this.#full) {
          // In a turn of its own: both call back at once when they have room.
          setImmediate(() => this.#wait());
          return;
        }
        this.#closed = false;
        this.#onChange(false);
      }),
    );
  }
}
