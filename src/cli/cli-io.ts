import type { Readable, Writable } from 'node:stream';
import type { OutputStream } from './output/style';

/** What a command may touch of the process it runs in. */
export interface CliIo {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** Writes text and waits until the stream takes more, so that a long answer into a slow pipe stays out of memory. */
export async function print(stream: Writable, text: string | Uint8Array): Promise<void> {
  if (stream.write(text)) return;
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error): void => {
      stream.off('drain', settle).off('error', settle).off('close', settle);
      if (error === undefined) resolve();
      else reject(error);
    };
    stream.on('drain', settle).on('error', settle).on('close', settle);
  });
}
