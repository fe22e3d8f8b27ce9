import type { RecordBatch, RecordFields } from '../../record';
import { StorageError } from '../../storage/errors';
import type { StreamStore } from '../commit';

/** Keeps what is appended; can be told to wait, to be full, or to refuse. */
export class FakeStore implements StreamStore {
  readonly appended: { stream: string; batch: RecordBatch }[] = [];
  saturated = false;
  /** Called before each append is kept; what it throws or waits for is the append's outcome. */
  before: (stream: string, batch: RecordBatch) => Promise<void> | void = () => {};
  readonly #waiting: (() => void)[] = [];

  async append(stream: string, batch: RecordBatch): Promise<void> {
    if (this.saturated) throw backPressure();
    await this.before(stream, batch);
    this.appended.push({ stream, batch });
  }

  onDrain(callback: () => void): void {
    if (this.saturated) this.#waiting.push(callback);
    else callback();
  }

  /** Ends saturation. */
  drain(): void {
    this.saturated = false;
    for (const callback of this.#waiting.splice(0)) callback();
  }

  /** The fields of all records of a stream, in the order of arrival. */
  fields(stream: string): RecordFields[] {
    return this.appended
      .filter((append) => append.stream === stream)
      .flatMap(({ batch }) => Array.from(batch.records(), ({ fields }) => ({ ...fields })));
  }

  /** Names of the streams that have records. */
  streams(): string[] {
    return [...new Set(this.appended.map(({ stream }) => stream))].sort();
  }
}

export function backPressure(): StorageError {
  return new StorageError('BACK_PRESSURE', 'too many bytes are waiting');
}

/** A gate that stays shut until it is opened. */
export function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
