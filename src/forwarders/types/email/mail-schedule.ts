import type { DestinationMemory } from '../../forwarder-type';
import { HourlyCap, MailWindow, type KeptWindow } from './mail-window';

/** Sets of recipients whose windows are remembered; beyond it the oldest is forgotten. */
const MAX_WINDOWS = 1000;

interface Kept {
  readonly windows: readonly (readonly [key: string, window: KeptWindow])[];
  readonly mails: readonly number[];
}

/** When mails may go, by their recipients. It outlives restarts: they would otherwise begin a window each. */
export class MailSchedule {
  readonly cap: HourlyCap;
  readonly #windowMs: number;
  readonly #windows = new Map<string, MailWindow>();
  readonly #memory: DestinationMemory | undefined;

  private constructor(windowMs: number, hourlyCap: number, memory: DestinationMemory | undefined, kept: Kept) {
    this.cap = new HourlyCap(hourlyCap, kept.mails);
    this.#windowMs = windowMs;
    this.#memory = memory;
    for (const [key, window] of kept.windows) this.#windows.set(key, new MailWindow(windowMs, window));
  }

  /** @throws StorageError */
  static async load(windowMs: number, hourlyCap: number, memory: DestinationMemory | undefined): Promise<MailSchedule> {
    return new MailSchedule(windowMs, hourlyCap, memory, keptIn(await memory?.read()));
  }

  /** The window of a set of recipients. */
  window(key: string): MailWindow {
    let window = this.#windows.get(key);
    if (window === undefined) {
      window = new MailWindow(this.#windowMs);
      this.#windows.set(key, window);
      if (this.#windows.size > MAX_WINDOWS) this.#windows.delete(this.#windows.keys().next().value as string);
    }
    return window;
  }

  /** Keeps what is known now. @throws StorageError */
  async save(): Promise<void> {
    const windows: [string, KeptWindow][] = [];
    for (const [key, { kept }] of this.#windows) if (kept !== undefined) windows.push([key, kept]);
    const kept: Kept = { windows, mails: this.cap.times };
    await this.#memory?.write(JSON.stringify(kept));
  }
}

/** What another type of forwarder, or another version, has left says nothing. */
function keptIn(text: string | undefined): Kept {
  const nothing: Kept = { windows: [], mails: [] };
  if (text === undefined) return nothing;
  try {
    const { windows, mails } = JSON.parse(text) as Partial<Kept>;
    return {
      windows: (windows ?? []).filter(([, { lastMail, counted, told }]) =>
        [lastMail, counted, told].every(Number.isFinite),
      ),
      mails: (mails ?? []).filter(Number.isFinite),
    };
  } catch {
    return nothing;
  }
}
