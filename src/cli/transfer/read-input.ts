import { createReadStream } from 'node:fs';
import path from 'node:path';
import { CliError, NotFoundError } from '../cli-error';
import type { CliIo } from '../cli-io';

/** Largest input that is read as a whole: a flow or a script of more is refused by the server as well. */
const MAX_INPUT_BYTES = 16 * 1024 * 1024;

/** Bytes of a file, or of standard input when there is no name or the name is `-`. @throws CliError */
export async function* inputChunks(file: string | undefined, io: CliIo): AsyncGenerator<Buffer, void> {
  const isStandard = file === undefined || file === '' || file === '-';
  const source = isStandard ? io.stdin : createReadStream(path.resolve(io.cwd, file));
  try {
    for await (const chunk of source as AsyncIterable<Buffer | string>) {
      yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const InputError = code === 'ENOENT' ? NotFoundError : CliError;
    throw new InputError(`cannot read ${isStandard ? 'standard input' : file}: ${message}`);
  }
}

/** A whole text from a file or standard input. @throws CliError when it cannot be read, or is too long */
export async function readInput(file: string | undefined, io: CliIo): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of inputChunks(file, io)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_INPUT_BYTES) throw new CliError(`the input is longer than ${MAX_INPUT_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString();
}

/** A JSON object from a file or standard input. @throws CliError */
export async function readJsonInput(file: string | undefined, io: CliIo): Promise<object> {
  let value: unknown;
  try {
    value = JSON.parse(await readInput(file, io));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CliError(`the input is no JSON: ${error.message}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CliError('the input is no JSON object');
  return value;
}
