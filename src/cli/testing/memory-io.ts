import { PassThrough, Readable, Writable } from 'node:stream';
import type { CliIo } from '../cli-io';

/** A {@link CliIo} that keeps what is written. */
export interface MemoryIo extends CliIo {
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves as soon as standard output contains the text. */
  readonly outContains: (text: string) => Promise<void>;
}

/** @param given - `terminal`: both outputs say that they are one */
export function memoryIo(
  given: { env?: CliIo['env']; cwd?: string; input?: string; terminal?: boolean } = {},
): MemoryIo {
  const stdout = new Recorder(given.terminal);
  const stderr = new Recorder(given.terminal);
  return {
    stdin: given.input === undefined ? new PassThrough() : Readable.from([given.input]),
    stdout,
    stderr,
    env: given.env ?? {},
    cwd: given.cwd ?? process.cwd(),
    out: () => stdout.text,
    err: () => stderr.text,
    outContains: (text) => stdout.contains(text),
  };
}

class Recorder extends Writable {
  text = '';
  readonly isTTY: boolean;
  #waiting: { readonly text: string; readonly resolve: () => void }[] = [];

  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    this.#waiting = this.#waiting.filter(({ text, resolve }) => {
      if (!this.text.includes(text)) return true;
      resolve();
      return false;
    });
    done();
  }

  contains(text: string): Promise<void> {
    if (this.text.includes(text)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ text, resolve }));
  }
}
