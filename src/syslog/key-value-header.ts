import { COMMA, EQUALS, QUOTE, SPACE, UNDERSCORE, isDigit, isLetter, skipSpaces } from './ascii';
import type { EventTimeReader } from './event-time';
import { frameOf } from './frame';
import type { LocalZone } from './local-zone';
import { MessageSource } from './message-source';
import type { ParsedMessage } from './parsed-message';
import { epochTimestamp } from './rfc3164';

/** The fields looked for stand among the first; the message behind them may be long. */
const MAX_PAIRS = 24;
const MAX_KEY_BYTES = 32;
const MAX_VALUE_BYTES = 128;

/**
 * Finds time and host in messages of firewalls that have no header but are pairs of keys and values from the start:
 * Fortinet (`date=… time=… devname=…`), Sophos (`device=… date=… time=… timezone=…`, `device_name=… timestamp=…`), SonicWall
 * and Stormshield (`id=firewall time="…"`). Fortinet's may have commas between them. The pairs themselves stay in the content.
 */
export class KeyValueHeader {
  readonly #source = new MessageSource();

  /**
   * Reads the pairs at `position` and sets the message's time and host where they tell them.
   *
   * @returns false when the text is not made of pairs; the message is unchanged then
   */
  read(
    source: MessageSource,
    position: number,
    message: ParsedMessage,
    time: EventTimeReader,
    arrival: number,
    zone: LocalZone,
  ): boolean {
    const { bytes, end } = source;
    let date = '';
    let clock = '';
    let offset = '';
    let isPairs = false;
    const separator = separatorOf(bytes, position, end);
    for (let pair = 0; pair < MAX_PAIRS && position < end; pair++) {
      const keyEnd = keyEndOf(bytes, position, end);
      if (keyEnd < 0) break;
      isPairs = true;
      const key = source.slice(position, keyEnd);
      const isQuoted = keyEnd + 1 < end && bytes[keyEnd + 1] === QUOTE;
      const from = isQuoted ? keyEnd + 2 : keyEnd + 1;
      const to = valueEndOf(bytes, from, end, isQuoted ? QUOTE : separator);
      if (to < 0) break;
      if (key === 'date') date = source.slice(from, to);
      else if (key === 'time') clock = source.slice(from, to);
      else if (key === 'timestamp' && date === '') date = source.slice(from, to);
      else if (key === 'tz' || key === 'timezone') offset = source.slice(from, to);
      else if ((key === 'devname' || key === 'device_name') && to > from) message.hostname = source.slice(from, to);
      position = isQuoted ? to + 1 : to;
      if (bytes[position] === separator) position++;
      position = skipSpaces(bytes, position, end);
    }
    if (isPairs) this.#readTime(date, clock, offset, message, time, arrival, zone);
    return isPairs;
  }

  #readTime(
    date: string,
    clock: string,
    offset: string,
    message: ParsedMessage,
    time: EventTimeReader,
    arrival: number,
    zone: LocalZone,
  ): void {
    const epoch = epochTimestamp(date);
    if (epoch !== undefined) {
      message.timestamp = epoch;
      return;
    }
    const text = `${date} ${clock}`.trim();
    if (text === '') return;
    this.#source.load(frameOf(/^[+-]/.test(offset) ? text + offset : `${text} ${offset}`.trimEnd()));
    if (time.read(this.#source, 0, arrival, zone)) message.timestamp = time.value;
    this.#source.release();
  }
}

/** The position of the `=` after a key, or -1. */
function keyEndOf(bytes: Uint8Array, position: number, end: number): number {
  const limit = Math.min(end, position + MAX_KEY_BYTES);
  const from = position;
  while (
    position < limit &&
    (isLetter(bytes[position]) || isDigit(bytes[position]) || bytes[position] === UNDERSCORE)
  ) {
    position++;
  }
  return position > from && position < limit && bytes[position] === EQUALS ? position : -1;
}

/** The end of a value, or -1 when it is longer than anything looked for or has no end. */
function valueEndOf(bytes: Uint8Array, position: number, end: number, terminator: number): number {
  const limit = Math.min(end, position + MAX_VALUE_BYTES);
  while (position < limit && bytes[position] !== terminator) position++;
  if (position < limit || (terminator !== QUOTE && position === end)) return position;
  return -1;
}

/** What stands between pairs: a comma when one comes before the first space and a pair follows it. */
function separatorOf(bytes: Uint8Array, position: number, end: number): number {
  const limit = Math.min(end, position + MAX_KEY_BYTES + MAX_VALUE_BYTES);
  while (position < limit && bytes[position] !== COMMA && bytes[position] !== SPACE) position++;
  return position < limit && bytes[position] === COMMA && keyEndOf(bytes, position + 1, end) > 0 ? COMMA : SPACE;
}
