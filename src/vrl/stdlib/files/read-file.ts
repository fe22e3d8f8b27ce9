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

/** Gives a file's bytes. @throws FileError */
export type FileReader = (path: string) => Uint8Array;

/** Largest file that is read, in bytes: many times a schema, a descriptor set or the public suffix list. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** Reads any file that the process may read; where there are no files (in a browser) none can be. */
export const readAnyFile: FileReader = (path) => read(() => path);

/** Reads no file: for hosts whose programs are written by others, who could ask for the contents of any. */
export const readNoFile: FileReader = () => {
  throw new FileError('reading files is not enabled (transformers.file_directory)');
};

/**
 * Reads files of one directory and those below it; relative paths start there, and links that lead out are refused.
 *
 * @param directory an absolute path
 */
export function filesIn(directory: string): FileReader {
  return (path) =>
    read(() => {
      const { isAbsolute, relative, resolve } = builtIn('node:path');
      const { realpathSync } = builtIn('node:fs');
      const root = realpathSync(directory);
      const inside = (candidate: string) => {
        const rest = relative(root, candidate);
        return rest !== '..' && !/^\.\.[\\/]/.test(rest) && !isAbsolute(rest);
      };
      const wanted = resolve(root, path);
      // Asked first of the name alone, so that nobody learns which files exist elsewhere.
      if (inside(wanted) || inside(resolve(directory, path))) {
        const real = realpathSync(wanted);
        if (inside(real)) return real;
      }
      throw new FileError('it is outside of the directory that transformers may read (transformers.file_directory)');
    });
}

function read(locate: () => string): Uint8Array {
  try {
    const { readFileSync, statSync } = builtIn('node:fs');
    const path = locate();
    const status = statSync(path);
    // Reading a pipe or a device could take for ever.
    if (!status.isFile()) throw new FileError('it is no regular file');
    if (status.size > MAX_FILE_BYTES) throw new FileError(`it is larger than ${MAX_FILE_BYTES} bytes`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(error instanceof Error || error instanceof Failure ? error.message : String(error));
  }
}
