import { VARIABLE_PREFIX, type ConfigEntry } from './config-key';
import { nearestName } from './nearest-name';
import { CONFIG_ENTRIES } from './schema';
import { emptyReading, readSetting, type SourceReading } from './settings';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that begin like a key's but are no keys: the configuration file's path, and what the client commands read. */
export const OTHER_VARIABLES: ReadonlySet<string> = new Set(['LOGWEIR_CONFIG', 'LOGWEIR_API', 'LOGWEIR_TOKEN']);

const ENTRY_BY_VARIABLE: ReadonlyMap<string, ConfigEntry> = new Map(
  [...CONFIG_ENTRIES.values()].map((entry) => [entry.variable, entry]),
);

/** Reads the variables that set keys; a variable with our prefix that sets none is a problem. */
export function readEnvironment(environment: Environment): SourceReading {
  const reading = emptyReading();
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(VARIABLE_PREFIX) || value === undefined || OTHER_VARIABLES.has(name)) continue;
    const entry = ENTRY_BY_VARIABLE.get(name);
    if (entry !== undefined) {
      readSetting(reading, entry, value, 'environment', () => ({ origin: name }));
    } else if (!isServiceLink(name, value)) {
      const nearest = nearestName(name, ENTRY_BY_VARIABLE.keys());
      const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      reading.problems.push({
        source: 'environment',
        origin: name,
        key: name,
        message: `no setting has this variable${hint}`,
      });
    }
  }
  return reading;
}

/**
 * Kubernetes and Docker links give every container variables about the services beside it; those of a service called
 * `logweir` look like ours and mean nothing.
 */
function isServiceLink(name: string, value: string): boolean {
  if (/_SERVICE_(HOST|PORT|PORT_[A-Z0-9_]+)$/.test(name)) return true;
  if (/_PORT_[0-9]+_(TCP|UDP|SCTP)_(ADDR|PORT|PROTO)$/.test(name)) return true;
  return /_PORT(_[0-9]+_(TCP|UDP|SCTP))?$/.test(name) && /^(tcp|udp|sctp):\/\//.test(value);
}
