import type { Response } from 'express';

/** A signal that fires when the client goes away (or has its answer), so that nobody works for it any longer. */
export function clientSignal(response: Response): AbortSignal {
  const aborter = new AbortController();
  response.once('close', () => aborter.abort());
  return aborter.signal;
}
