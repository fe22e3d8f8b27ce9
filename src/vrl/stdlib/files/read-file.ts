import { Failure } from '../../failure';
import { builtIn } from '../node/builtin';

/** A file that cannot be read; the message says why. */
export class FileError extends Error {
  readonly code = 'FILE';
  constructor(message: string) {
    super(message);
    this.name = 'FileError';
  }
}

/**
 * Reads a whole file. For files that programs name in constants, when they are compiled; where there are no files (in
 * a browser) none can be read.
 *
 * @throws FileError
 */
export function readFile(path: string): Uint8Array {
  try {
    return builtIn('node:fs').readFileSync(path);
  } catch (error) {
    throw new FileError(error instanceof Error || error instanceof Failure ? error.message : String(error));
  }
}
