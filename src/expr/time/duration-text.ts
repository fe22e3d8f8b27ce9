import { quoteBytes } from './quote-bytes';

/** Nanoseconds of each unit of a duration's text. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const PART = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;
const MAX_INT64 = 2n ** 63n - 1n;
/** Digits beyond these cannot change a number of nanoseconds. */
const MAX_FRACTION_DIGITS = 18;

/** Nanoseconds of a text such as `1h30m`, `-1.5s`, `300ms`; undefined when it is none or beyond 64 bits. */
export function parseDuration(text: string): bigint | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const limit = sign === '-' ? MAX_INT64 + 1n : MAX_INT64;
  if (text.slice(sign.length) === '0') return 0n;
  let total = 0n;
  let at = sign.length;
  if (at === text.length) return undefined;
  while (at < text.length) {
    PART.lastIndex = at;
    const match = PART.exec(text);
    const [whole, digits = '', fraction = '', unit = ''] = match ?? [];
    if (whole === undefined || (digits === '' && fraction === '') || digits.length > MAX_FRACTION_DIGITS + 2)
      return undefined;
    const size = UNITS.get(unit) ?? 0n;
    const kept = fraction.slice(0, MAX_FRACTION_DIGITS);
    total += BigInt(digits === '' ? 0 : digits) * size;
    if (kept !== '') total += (BigInt(kept) * size) / 10n ** BigInt(kept.length);
    if (total > limit) return undefined;
    at += whole.length;
  }
  return sign === '-' ? -total : total;
}

const NUMBER = /\d+\.?\d*|\.\d+/y;
const UNIT = /[^\d.]*/y;

/** Why a text is no duration, in the reference's words. */
export function describeDurationProblem(text: string): string {
  const shown = quoteBytes(text);
  const invalid = `time: invalid duration ${shown}`;
  let at = /^[+-]/.test(text) ? 1 : 0;
  while (at < text.length) {
    NUMBER.lastIndex = at;
    const digits = NUMBER.exec(text)?.[0];
    // What is beyond 64 bits is told before the rest is looked at.
    if (digits === undefined || BigInt(digits.split('.')[0] ?? '') > MAX_INT64 + 1n) return invalid;
    UNIT.lastIndex = at + digits.length;
    const unit = UNIT.exec(text)?.[0] ?? '';
    if (unit === '') return `time: missing unit in duration ${shown}`;
    if (!UNITS.has(unit)) return `time: unknown unit ${quoteBytes(unit)} in duration ${shown}`;
    at += digits.length + unit.length;
    if (parseDuration(text.slice(0, at)) === undefined) return invalid;
  }
  return invalid;
}

/** The duration with the largest fitting units: `72h3m0.5s`, `1.5ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`;
  const seconds = size / 1_000_000_000n;
  const rest = `${decimal((seconds % 60n) * 1_000_000_000n + (size % 1_000_000_000n), 9)}s`;
  if (seconds < 60n) return sign + rest;
  const minutes = seconds / 60n;
  return minutes < 60n ? `${sign}${minutes}m${rest}` : `${sign}${minutes / 60n}h${minutes % 60n}m${rest}`;
}

/** The number with so many places behind the point, trailing zeros dropped. */
function decimal(value: bigint, places: number): string {
  const unit = 10n ** BigInt(places);
  const fraction = (value % unit).toString().padStart(places, '0').replace(/0+$/, '');
  return fraction === '' ? String(value / unit) : `${value / unit}.${fraction}`;
}
