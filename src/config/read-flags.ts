import { nearestName } from './nearest-name';
import { CONFIG_ENTRIES } from './schema';
import { emptyReading, readSetting, type SourceReading } from './settings';

/** The command-line flags of every command that needs the configuration. */
export interface ConfigFlags {
  /** `--config FILE` */
  readonly config?: string;
  /** `--data-dir DIR`: short for `--set data_dir=DIR`, and stronger than it. */
  readonly dataDir?: string;
  /** `--set KEY=VALUE`, in the order given; of two for one key the last counts. */
  readonly set?: readonly string[];
}

/** Reads `--set` and `--data-dir`. */
export function readFlags(flags: ConfigFlags): SourceReading {
  const reading = emptyReading();
  for (const assignment of flags.set ?? []) readAssignment(reading, assignment);
  const dataDirEntry = CONFIG_ENTRIES.get('data_dir');
  if (flags.dataDir !== undefined && dataDirEntry !== undefined) {
    readSetting(reading, dataDirEntry, flags.dataDir, 'flag', () => ({ origin: '--data-dir' }));
  }
  return reading;
}

function readAssignment(reading: SourceReading, assignment: string): void {
  const equals = assignment.indexOf('=');
  if (equals === -1) {
    // The text may be a misplaced secret, so it is not repeated.
    reading.problems.push({ source: 'flag', origin: '--set', key: '', message: 'expected KEY=VALUE' });
    return;
  }
  const path = assignment.slice(0, equals).trim();
  const entry = CONFIG_ENTRIES.get(path);
  if (entry !== undefined) {
    readSetting(reading, entry, assignment.slice(equals + 1), 'flag', () => ({ origin: '--set' }));
    return;
  }
  const nearest = nearestName(path, CONFIG_ENTRIES.keys());
  const hint = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
  reading.problems.push({ source: 'flag', origin: '--set', key: path, message: `unknown key${hint}` });
}
