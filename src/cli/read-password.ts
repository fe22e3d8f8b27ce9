import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError } from './cli-error';
import type { CliIo } from './cli-io';

/**
 * Reads a line from standard input: without showing it, after a prompt, when a person types it.
 *
 * @throws CliError when the input ends before a line
 */
export async function readPassword(io: CliIo): Promise<string> {
  const typed = io.stdin.isTTY === true;
  // readline echoes to its output; this one shows nothing.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: io.stdin, output: silent, terminal: typed });
  if (typed) io.stderr.write('Password: ');
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => reject(new CliError('cancelled')));
      lines.once('close', () => reject(new CliError('no password on standard input')));
    });
  } finally {
    lines.close();
    if (typed) io.stderr.write('\n');
  }
}
