import type { RecordFields } from '../../record';
import { Transferred, type CallHandlers } from '../logs/worker-rpc';
import type { DeadLetterChoice } from './delivery-queue';
import { QueueWriter, type QueueCommit, type QueueWriterOptions } from './queue-writer';

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

/** What the queue's thread does when it is called, on one file. `opened` is the writer while there is one. */
export function queueCalls(
  file: string,
  options: QueueWriterOptions,
): { handlers: CallHandlers; opened: () => QueueWriter | undefined } {
  let opened: QueueWriter | undefined;
  const writer = (): QueueWriter => {
    if (opened === undefined) throw new Error('the delivery queue is not open');
    return opened;
  };
  const handlers: CallHandlers = {
    /** Opens the file and reports on all queues. */
    open: async () => {
      opened = await QueueWriter.open(file, options);
      return opened.report();
    },
    commit: (commit: QueueCommit) => writer().commit(commit),
    read: async ({ queue, afterId, maxBytes }: ReadCall) => {
      const answer = await writer().read(queue, afterId, maxBytes);
      return new Transferred(
        answer,
        answer.entries.map(({ data }) => data.buffer),
      );
    },
    setPaused: ({ queue, paused }: { queue: string; paused: boolean }) => writer().setPaused(queue, paused),
    memory: ({ queue }: { queue: string }) => writer().memory(queue),
    remember: ({ queue, text }: { queue: string; text: string }) => writer().remember(queue, text),
    drop: ({ queue, keepDeadLetters }: { queue: string; keepDeadLetters: boolean }) =>
      writer().drop(queue, keepDeadLetters),
    deadLetters: ({ queue, afterId, limit }: DeadLettersCall) => writer().deadLetters(queue, afterId, limit),
    deadLetter: ({ queue, id }: { queue: string; id: number }) => writer().deadLetter(queue, id),
    replay: ({ queue, choice, at, replacement }: ReplayCall) => writer().replay(queue, choice, at, replacement),
    deleteDeadLetters: ({ queue, choice }: ChoiceCall) => writer().deleteDeadLetters(queue, choice),
    moveStep: (upTo?: number) => writer().moveStep(upTo),
    sweep: () => writer().sweep(),
    news: () => writer().news(),
    makeRoom: () => writer().makeRoom(),
    close: async () => {
      const closing = opened;
      opened = undefined;
      await closing?.close();
    },
  };
  return { handlers, opened: () => opened };
}
