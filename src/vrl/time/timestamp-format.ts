import { fail } from '../failure';
import { quotedText } from '../value/quoted-text';
import type { VrlTimestamp } from '../value/value';
import { formatItems } from './format-timestamp';
import { parseFields, type ParseProblem } from './parse-fields';
import { parsePattern, type PatternItem } from './pattern';
import { resolveFields } from './resolve-fields';
import type { Zone } from './zone';

/** A strftime pattern (chrono's specifiers, English names), read once. */
export class TimestampFormat {
  /** True when the pattern takes the zone from the text, so that no other zone is needed to read it. */
  readonly hasZone: boolean;
  readonly #items: readonly PatternItem[];
  readonly #pattern: string;

  constructor(pattern: string, items: readonly PatternItem[]) {
    this.#pattern = pattern;
    this.#items = items;
    this.hasZone = items.some((item) => item.type === 'field' && ZONE_FIELDS.has(item.name));
  }

  get pattern(): string {
    return this.#pattern;
  }

  /** The timestamp as the pattern says, as a clock in the zone shows it. */
  format(timestamp: VrlTimestamp, zone: Zone): string {
    return formatItems(this.#items, timestamp, zone);
  }

  /** Reads a text; what is wrong with it when it is not of the pattern. The zone counts for patterns without one. */
  tryParse(text: string, zone: Zone): VrlTimestamp | ParseProblem {
    const fields = parseFields(this.#items, text);
    return typeof fields === 'string' ? fields : resolveFields(fields, this.hasZone ? undefined : zone);
  }

  /** Reads a text. @throws Failure `Invalid timestamp "text": why` */
  parse(text: string, zone: Zone): VrlTimestamp {
    const result = this.tryParse(text, zone);
    if (typeof result === 'string') throw fail(`Invalid timestamp ${quotedText(text)}: ${result}`);
    return result;
  }
}

const ZONE_FIELDS = new Set(['Z', 'z', ':z', '#z', '+']);

/** Patterns kept; programs have few, but a pattern may come out of an event. */
const MAX_CACHED = 256;
const cache = new Map<string, TimestampFormat>();

/**
 * Reads a strftime pattern.
 *
 * @throws Failure `invalid format` for an unknown specifier
 * @example compileFormat('%d/%b/%Y').format(timestamp, UTC) // '10/Oct/2000'
 */
export function compileFormat(pattern: string): TimestampFormat {
  const known = cache.get(pattern);
  if (known !== undefined) return known;
  const items = parsePattern(pattern);
  if (items === undefined) throw fail('invalid format');
  const format = new TimestampFormat(pattern, items);
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(pattern, format);
  return format;
}
