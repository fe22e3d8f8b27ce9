export { civilFromDays, daysFromCivil, daysInMonth, isLeapYear, SECONDS_PER_DAY, type CivilDate } from './civil';
export { formatRfc3339, parseRfc3339 } from './rfc3339';
export { compileFormat, TimestampFormat } from './timestamp-format';
export { fixedZone, instantsOf, localZoneName, UTC, zoneNamed, type Zone } from './zone';
