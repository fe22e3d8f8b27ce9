import { statfs } from 'node:fs/promises';
import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Health, HealthCheck } from './create-management';

/** Delays are looked at over this time, so that a hiccup of long ago is forgotten; in milliseconds. */
const WINDOW_MS = 10_000;
const RESOLUTION_MS = 20;
/** Longer than any batch should take: senders and readers notice it. In milliseconds. */
const MAX_DELAY_MS = 1_000;
const NANOSECONDS_PER_MS = 1e6;

const MIB = 1024 * 1024;
/** What the store needs to go on for some minutes: journal, segments being merged, the write-ahead log. */
const MIN_FREE_BYTES = 128 * MIB;

export interface HealthSources {
  readonly store: { status(): { readonly healthy: boolean; readonly reason?: string } };
  readonly engine: { readonly saturated: boolean };
  /** Delivery queues; none in a service without forwarders. */
  readonly queue?: { readonly failure: string | undefined };
  /** A directory on the file system of the data. */
  readonly dataDir: string;
}

/** Looks after the service: the store, back pressure, the delay of the event loop and the disk's free space. */
export class ServiceHealth {
  readonly #sources: HealthSources;
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  /** The longest delay of the last whole window, in milliseconds. */
  #lastDelay = 0;

  constructor(sources: HealthSources) {
    this.#sources = sources;
    this.#delay.enable();
    this.#timer = setInterval(() => {
      this.#lastDelay = this.#delay.max / NANOSECONDS_PER_MS;
      this.#delay.reset();
    }, WINDOW_MS).unref();
  }

  /** The state of now. */
  async check(): Promise<Health> {
    const { store, engine, queue, dataDir } = this.#sources;
    const status = store.status();
    const checks: HealthCheck[] = [
      { name: 'store', healthy: status.healthy, detail: status.reason },
      {
        name: 'back_pressure',
        healthy: !engine.saturated,
        detail: engine.saturated ? 'records arrive faster than they can be written' : undefined,
      },
      ...(queue === undefined
        ? []
        : [{ name: 'delivery_queue', healthy: queue.failure === undefined, detail: queue.failure }]),
      this.#eventLoop(),
      await diskSpace(dataDir),
    ];
    return { healthy: checks.every(({ healthy }) => healthy), checks };
  }

  close(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  #eventLoop(): HealthCheck {
    const delay = Math.max(this.#lastDelay, this.#delay.max / NANOSECONDS_PER_MS);
    return { name: 'event_loop', healthy: delay < MAX_DELAY_MS, detail: `delayed by up to ${Math.round(delay)} ms` };
  }
}

/** @returns bytes that the service may still write on the file system of a directory, and its size */
export async function freeSpace(directory: string): Promise<{ free: number; total: number }> {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { free: bavail * bsize, total: blocks * bsize };
}

async function diskSpace(directory: string): Promise<HealthCheck> {
  try {
    const { free, total } = await freeSpace(directory);
    const detail = `${Math.floor(free / MIB)} MB of ${Math.floor(total / MIB)} MB are free`;
    return { name: 'disk', healthy: free >= MIN_FREE_BYTES, detail };
  } catch (error) {
    return { name: 'disk', healthy: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
