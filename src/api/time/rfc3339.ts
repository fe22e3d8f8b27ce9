/** RFC 3339, section 5.6. The blank stands for a plus sign that a client forgot to percent-encode. */
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ]((?:[01]\d|2[0-3]):[0-5]\d):(\d{2})(?:\.(\d+))?(?:[Zz]|([+\- ])([01]\d|2[0-3]):([0-5]\d))$/;

const LEAP_SECOND = '60';
const MS_PER_MINUTE = 60_000;

/**
 * Reads an RFC 3339 date-time as milliseconds since the Unix epoch; finer digits are cut off. A leap second counts as the
 * second before it.
 *
 * @returns undefined when the text is no date-time
 * @example
 * parseRfc3339('2024-05-01T14:00:00.5+02:00') // 1714564800500
 */
export function parseRfc3339(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [, date = '', minute = '', second = '', fraction = '', sign = 'Z', offsetHours = '0', offsetMinutes = '0'] =
    match;
  if (second > LEAP_SECOND) return undefined;
  const time = Date.parse(
    `${date}T${minute}:${second === LEAP_SECOND ? '59' : second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`,
  );
  // The 30th of February would silently become a day of March.
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(date)) return undefined;
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * MS_PER_MINUTE;
  return sign === '-' ? time + offset : time - offset;
}
