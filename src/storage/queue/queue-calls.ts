import type { RecordFields } from '../../record';
import { Transferred, type CallHandlers } from '../logs/worker-rpc';
import type { DeadLetterChoice } from './delivery-queue';
import type { QueueCommit } from './queue-commit';
import { QueueWriter, type QueueWriterOptions } from './queue-writer';

export interface ReadCall {
  readonly queue: string;
  readonly afterId: number;
  readonly maxBytes: number;
}

export interface DeadLettersCall {
  readonly queue: string;
  readonly afterId: number;
  readonly limit: number;
}

export interface ChoiceCall {
  readonly queue: string;
  readonly choice: DeadLetterChoice;
}

export interface ReplayCall extends ChoiceCall {
  readonly at: number;
  readonly replacement: RecordFields | undefined;
}

/**
 * What the queue's thread does when it is called, on one file. `opened` is the writer while there is one: a call that finds none, after a
 * thread that ended and a file that could not be opened just then, tries to open it.
 */
export function queueCalls(
  file: string,
  options: QueueWriterOptions,
): { handlers: CallHandlers; opened: () => QueueWriter | undefined } {
  let opened: QueueWriter | undefined;
  let isClosed = false;
  const writer = async (): Promise<QueueWriter> => {
    if (isClosed) throw new Error('the delivery queue is closed');
    opened ??= await QueueWriter.open(file, options);
    return opened;
  };
  const handlers: CallHandlers = {
    /** Opens the file and reports on all queues. */
    open: async () => (await writer()).report(),
    commit: async (commit: QueueCommit) => (await writer()).commit(commit),
    read: async ({ queue, afterId, maxBytes }: ReadCall) => {
      const answer = await (await writer()).read(queue, afterId, maxBytes);
      return new Transferred(
        answer,
        answer.entries.map(({ data }) => data.buffer),
      );
    },
    setPaused: async ({ queue, paused }: { queue: string; paused: boolean }) =>
      (await writer()).setPaused(queue, paused),
    memory: async ({ queue }: { queue: string }) => (await writer()).memory(queue),
    remember: async ({ queue, text }: { queue: string; text: string }) => (await writer()).remember(queue, text),
    drop: async ({ queue, keepDeadLetters }: { queue: string; keepDeadLetters: boolean }) =>
      (await writer()).drop(queue, keepDeadLetters),
    deadLetters: async ({ queue, afterId, limit }: DeadLettersCall) =>
      (await writer()).deadLetters(queue, afterId, limit),
    deadLetter: async ({ queue, id }: { queue: string; id: number }) => (await writer()).deadLetter(queue, id),
    replay: async ({ queue, choice, at, replacement }: ReplayCall) =>
      (await writer()).replay(queue, choice, at, replacement),
    deleteDeadLetters: async ({ queue, choice }: ChoiceCall) => (await writer()).deleteDeadLetters(queue, choice),
    moveStep: async (upTo?: number) => (await writer()).moveStep(upTo),
    sweep: async () => (await writer()).sweep(),
    news: async () => (await writer()).news(),
    makeRoom: async () => (await writer()).makeRoom(),
    close: async () => {
      const closing = opened;
      isClosed = true;
      opened = undefined;
      await closing?.close();
    },
  };
  return { handlers, opened: () => opened };
}
