import { MessageChannel } from 'node:worker_threads';

/** A port that nobody listens to: what is handed over to it is gone. */
const nowhere = new MessageChannel().port1;
nowhere.close();

/**
 * Gives the memory of buffers back at once; they are empty from then on.
 *
 * The garbage collector takes its time with memory outside of its heap: 64 MB may pile up before it runs. Handing an
 * `ArrayBuffer` over takes it away from this thread, also when nobody receives it (HTML, "Transferable objects").
 *
 * @param buffers none of which shares its `ArrayBuffer` with anything that is still used
 */
export function releaseMemory(buffers: readonly Buffer[]): void {
  if (buffers.length > 0)
    nowhere.postMessage(
      null,
      buffers.map(({ buffer }) => buffer as ArrayBuffer),
    );
}
