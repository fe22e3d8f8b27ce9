import { InvalidValue, type ConfigEntry, type ConfigValue } from './config-key';
import type { ConfigProblem, ConfigSource } from './config-error';

/** What a problem says about where its setting stands. */
export type Place = Pick<ConfigProblem, 'file' | 'line' | 'column' | 'origin'>;

/** A value that some source gives a key. */
export interface Setting {
  readonly value: ConfigValue;
  readonly source: ConfigSource;
  readonly place: Place;
}

/** What one source holds: settings by key path, and what is wrong with it. */
export interface SourceReading {
  readonly settings: Map<string, Setting>;
  readonly problems: ConfigProblem[];
}

/** A reading of nothing. */
export function emptyReading(): SourceReading {
  return { settings: new Map(), problems: [] };
}

/**
 * Reads one input for one key into `reading`: as a setting, or as a problem when the key does not accept it.
 *
 * @param placeOf - place of a list's element, or of the whole input when the index is undefined
 */
export function readSetting(
  reading: SourceReading,
  entry: ConfigEntry,
  input: unknown,
  source: ConfigSource,
  placeOf: (index: number | undefined) => Place,
): void {
  try {
    reading.settings.set(entry.path, { value: entry.key.read(input), source, place: placeOf(undefined) });
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    const offending = error.index !== undefined && Array.isArray(input) ? (input[error.index] as unknown) : input;
    const got = entry.key.secret ? '' : `, got ${describe(offending)}`;
    reading.problems.push({ source, ...placeOf(error.index), key: entry.path, message: error.expectation + got });
  }
}

/** Longest part of a refused value that a message repeats, in characters. */
const MAX_SHOWN_LENGTH = 60;

function describe(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object' && input !== null) return 'a section';
  const text = typeof input === 'string' ? JSON.stringify(input) : String(input);
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}
