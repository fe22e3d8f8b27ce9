import type { EventEmitter } from 'node:events';

/** Resolves when a socket has closed, also when the other side reset it: which of the two is seen is up to the kernel. */
export function closed(socket: EventEmitter): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', () => void resolve()));
}
