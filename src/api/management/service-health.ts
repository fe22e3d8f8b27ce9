import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import type { Health, HealthCheck } from './create-management';

/** Delays are looked at over this time, so that a hiccup of long ago is forgotten; in milliseconds. */
const WINDOW_MS = 10_000;
const RESOLUTION_MS = 20;
/** Longer than any batch should take: senders and readers notice it. In milliseconds. */
const MAX_DELAY_MS = 1_000;
const NANOSECONDS_PER_MS = 1e6;

const MIB = 1024 * 1024;

/** What is known of the file system of the data. */
export interface DiskState {
  /** True while no records are taken. */
  readonly low: boolean;
  /** In bytes. */
  readonly space: { readonly free: number; readonly size: number };
  /** Bytes that shall stay free. */
  readonly reserveBytes: number;
}

export interface HealthSources {
  readonly store: { status(): { readonly healthy: boolean; readonly reason?: string } };
  readonly engine: { readonly saturated: boolean };
  /** Delivery queues; none in a service without forwarders. */
  readonly queue?: { readonly failure: string | undefined };
  /** Free space of the data directory. */
  readonly disk: DiskState;
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
  check(): Promise<Health> {
    const { store, engine, queue, disk } = this.#sources;
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
      diskSpace(disk),
    ];
    return Promise.resolve({ healthy: checks.every(({ healthy }) => healthy), checks });
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

function diskSpace({ low, space, reserveBytes }: DiskState): HealthCheck {
  const free = `${Math.floor(space.free / MIB)} MB of ${Math.floor(space.size / MIB)} MB are free`;
  const detail = low ? `${free}, ${Math.floor(reserveBytes / MIB)} MB shall be: no records are taken` : free;
  return { name: 'disk', healthy: !low, detail };
}
