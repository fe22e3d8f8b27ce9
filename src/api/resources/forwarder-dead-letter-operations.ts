import type { ForwarderService } from '../../forwarders';
import type { DeadLetter } from '../../storage/queue';
import type { Call, OperationHandlers } from '../call';

interface ListQuery {
  readonly cursor?: number;
  readonly limit?: number;
}

interface ReplayBody {
  readonly ids?: readonly number[] | null;
}

interface ReplayOneBody {
  readonly record?: Readonly<Record<string, string>> | null;
}

interface DeleteQuery {
  readonly id?: readonly number[];
}

const DEFAULT_LIMIT = 100;

/** Records that no destination took: listed, mended and sent again, or deleted. */
export function deadLetterOperations(forwarders: ForwarderService): OperationHandlers {
  return {
    async list_dead_letters(call: Call) {
      const { cursor = 0, limit = DEFAULT_LIMIT } = call.query<ListQuery>();
      const { letters, next } = await forwarders.deadLetters(call.param('forwarder'), cursor, limit);
      return { dead_letters: letters.map(shown), ...(next === undefined ? {} : { cursor: next }) };
    },

    async replay_dead_letters(call: Call) {
      const { ids } = call.body<ReplayBody>();
      return { replayed_count: await forwarders.replay(call.param('forwarder'), ids ?? 'all') };
    },

    async delete_dead_letters(call: Call) {
      const { id } = call.query<DeleteQuery>();
      return { deleted_count: await forwarders.deleteDeadLetters(call.param('forwarder'), id ?? 'all') };
    },

    async get_dead_letter(call: Call) {
      return { dead_letter: shown(await forwarders.deadLetter(call.param('forwarder'), idOf(call))) };
    },

    async replay_dead_letter(call: Call) {
      const { record } = call.body<ReplayOneBody>();
      const forwarder = call.param('forwarder');
      const { id, fields } = await forwarders.deadLetter(forwarder, idOf(call));
      await forwarders.replay(forwarder, [id], record ?? fields);
      return {};
    },

    async delete_dead_letter(call: Call) {
      await forwarders.deleteDeadLetters(call.param('forwarder'), [idOf(call)]);
      return {};
    },
  };
}

function idOf(call: Call): number {
  return Number(call.param('dead_letter'));
}

function shown({ id, at, attempts, reason, timestamp, fields }: DeadLetter): object {
  const record = { timestamp: new Date(timestamp).toISOString(), fields };
  return { id, time: new Date(at).toISOString(), attempts, reason, record };
}
