import type { QueueDrops, QueueStats } from '../storage/queue';
import type { DeliveryFigures } from './delivery/delivery-figures';

/** How a forwarder is doing. */
export interface ForwarderStatus {
  /** `unavailable`: its stored document can't be used; records wait in its queue. */
  readonly state: 'running' | 'paused' | 'unavailable';
  readonly unavailableReason: string | undefined;
  readonly queue: QueueStats;
  readonly drops: Readonly<QueueDrops>;
  /** Records that are under way. */
  readonly inFlight: number;
  /** How long the oldest record has been in the queue; 0 when there is none. */
  readonly oldestAgeMs: number;
  readonly figures: Readonly<DeliveryFigures>;
}
