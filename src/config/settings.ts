import { InvalidValue, type ConfigEntry, type ConfigValue, type ValuePath } from './config-key';
import type { ConfigProblem, ConfigSource } from './config-error';

/** What a problem says about where its setting stands. */
export type Place = Pick<ConfigProblem, 'file' | 'line' | 'column' | 'origin'>;

/** A value that some source gives a key. */
export interface Setting {
  readonly value: ConfigValue;
  readonly source: ConfigSource;
  readonly place: Place;
  /** Place of a part of the value. */
  readonly placeOf: (path: ValuePath) => Place;
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
 * Reads one input for one key into `reading`: as a setting, or as problems when the key does not accept it.
 *
 * @param placeOf - place of a part of the input, or of the whole when the path is empty
 */
export function readSetting(
  reading: SourceReading,
  entry: ConfigEntry,
  input: unknown,
  source: ConfigSource,
  placeOf: (path: ValuePath) => Place,
): void {
  try {
    reading.settings.set(entry.path, { value: entry.key.read(input), source, place: placeOf([]), placeOf });
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    for (const { path, expectation, showInput } of error.problems) {
      const got = entry.key.secret || !showInput ? '' : `, got ${describe(partOf(input, path))}`;
      const key = path.reduce<string>(
        // Elements of plain lists are told apart by their line and by what is shown of them.
        (name, step) => (typeof step === 'string' ? `${name}.${step}` : path.length > 1 ? `${name}[${step}]` : name),
        entry.path,
      );
      reading.problems.push({ source, ...placeOf(path), key, message: expectation + got });
    }
  }
}

/** A part of an input; the innermost value there is when the path leads nowhere. */
function partOf(input: unknown, path: ValuePath): unknown {
  let part = input;
  for (const step of path) {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, step)) break;
    part = (part as Record<string | number, unknown>)[step];
  }
  return part;
}

/** Longest part of a refused value that a message repeats, in characters. */
const MAX_SHOWN_LENGTH = 60;

function describe(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (typeof input === 'object' && input !== null) return 'a section';
  const text = typeof input === 'string' ? JSON.stringify(input) : String(input);
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}
