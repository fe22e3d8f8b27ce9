/** Levels of the OpenTelemetry log data model; each has four numbers, from 1 on. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
const NUMBERS_PER_LEVEL = 4;

/** Short names by severity number: `SEVERITY_TEXTS[9]` is INFO, `SEVERITY_TEXTS[10]` INFO2; number 0 has none. */
const SEVERITY_TEXTS: readonly string[] = [
  '',
  ...LEVELS.flatMap((level) =>
    Array.from({ length: NUMBERS_PER_LEVEL }, (_, i) => (i === 0 ? level : level + (i + 1))),
  ),
];

const ENUM_PREFIX = 'SEVERITY_NUMBER_';

const NUMBER_BY_ENUM_NAME = new Map<string, number>(
  SEVERITY_TEXTS.map((text, number) => [ENUM_PREFIX + (number === 0 ? 'UNSPECIFIED' : text), number]),
);

/** Severity numbers of syslog severities 0 (emergency) to 7 (debug): OpenTelemetry log data model, example mappings. */
const NUMBER_BY_SYSLOG_SEVERITY: readonly number[] = [21, 19, 18, 17, 13, 10, 9, 5];

/**
 * Short name of a severity number, "" for 0 and numbers that the data model does not define.
 *
 * @example severityText(10); // 'INFO2'
 */
export function severityText(severityNumber: number): string {
  return SEVERITY_TEXTS[severityNumber] ?? '';
}

/** Number of an enum name such as `SEVERITY_NUMBER_INFO`, undefined when there is no such name. */
export function severityNumberOfEnumName(name: string): number | undefined {
  return NUMBER_BY_ENUM_NAME.get(name);
}

/** Severity number of a syslog severity in decimal, undefined when it is none. */
export function severityNumberOfSyslog(severity: string): number | undefined {
  return severity.length === 1 ? NUMBER_BY_SYSLOG_SEVERITY[severity.charCodeAt(0) - '0'.charCodeAt(0)] : undefined;
}
