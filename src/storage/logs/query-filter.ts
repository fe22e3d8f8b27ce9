import { compileFilter, type Filter } from '../../expr';
import { StorageError } from '../errors';

/**
 * The filter of a query; undefined when the text is absent or blank.
 * @throws StorageError `INVALID_FILTER` with the position of the mistake
 */
export function compileQueryFilter(source: string | undefined): Filter | undefined {
  if (source === undefined || source.trim() === '') return undefined;
  try {
    return compileFilter(source);
  } catch (error) {
    const { message, offset } = error as Error & { offset?: number };
    throw new StorageError('INVALID_FILTER', message, { cause: error, offset });
  }
}
