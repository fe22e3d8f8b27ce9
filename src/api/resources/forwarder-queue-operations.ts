import type { ForwarderService, ForwarderStatus } from '../../forwarders';
import type { Call, OperationHandlers } from '../call';

/** What forwarders have to deliver, and how they do. */
export function forwarderQueueOperations(forwarders: ForwarderService): OperationHandlers {
  return {
    get_forwarder_queue(call: Call) {
      return { queue: shown(forwarders.status(call.param('forwarder'))) };
    },

    async pause_forwarder(call: Call) {
      await forwarders.setPaused(call.param('forwarder'), true);
      return {};
    },

    async resume_forwarder(call: Call) {
      await forwarders.setPaused(call.param('forwarder'), false);
      return {};
    },

    flush_forwarder(call: Call) {
      forwarders.flush(call.param('forwarder'));
      return {};
    },
  };
}

function shown({ state, unavailableReason, queue, drops, inFlight, oldestAgeMs, figures }: ForwarderStatus): object {
  const { lastError } = figures;
  return {
    state,
    unavailable_reason: unavailableReason ?? null,
    length: queue.records,
    bytes: queue.bytes,
    oldest: timeOf(queue.oldestAt),
    oldest_age_seconds: oldestAgeMs / 1000,
    in_flight: inFlight,
    next_attempt: timeOf(figures.nextAttemptAt),
    last_success: timeOf(figures.lastSuccessAt),
    last_error: lastError === undefined ? null : { message: lastError.message, at: timeOf(lastError.at) },
    dead_letters: queue.deadLetters,
    delivered: figures.delivered,
    retried: figures.retried,
    dropped: {
      oldest: drops.oldest,
      newest: figures.droppedNewest,
      dead_letters: drops.deadLetters,
      damaged: drops.damaged,
    },
  };
}

function timeOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
