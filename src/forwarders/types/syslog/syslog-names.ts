// Keywords of facilities and severities, by their numbers (RFC 5424 section 6.2.1; names as in POSIX syslog.h).

const SEVERITIES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'];
const SEVERITY_SYNONYMS: ReadonlyMap<string, number> = new Map([
  ['panic', 0],
  ['emergency', 0],
  ['critical', 2],
  ['error', 3],
  ['warn', 4],
  ['information', 6],
  ['informational', 6],
]);
const INFO = 6;

const FACILITIES = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'],
  ...['ntp', 'security', 'console', 'solaris-cron'],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
];
const USER = 1;

/** Number of a severity by keyword or number; what is neither counts as info. */
export function severityNumber(text: string): number {
  const name = text.trim().toLowerCase();
  return numberOf(name, SEVERITIES) ?? SEVERITY_SYNONYMS.get(name) ?? INFO;
}

/** Number of a facility by keyword or number; what is neither counts as user. */
export function facilityNumber(text: string): number {
  return numberOf(text.trim().toLowerCase(), FACILITIES) ?? USER;
}

function numberOf(name: string, keywords: readonly string[]): number | undefined {
  if (/^\d{1,2}$/.test(name)) return Number(name) < keywords.length ? Number(name) : undefined;
  const index = keywords.indexOf(name);
  return index === -1 ? undefined : index;
}
