import { COLON, DIGIT_0, GREATER_THAN, LESS_THAN, isDigit, skipSpaces } from './ascii';
import { scanCiscoHeader } from './cisco-header';
import { EventTimeReader } from './event-time';
import type { SyslogFrame } from './frame';
import { KeyValueHeader } from './key-value-header';
import { MessageSource } from './message-source';
import { ParameterNames } from './parameter-names';
import { ParsedMessage } from './parsed-message';
import { DEFAULT_PRIORITY, MAX_PRIORITY } from './priority';
import { scanEpochHeader, scanHost, scanTagAndContent, scanWithoutTime } from './rfc3164';
import { rfc5424VersionEnd, scanRfc5424, withoutBom } from './rfc5424';
import type { SyslogSender } from './sender';

const MAX_PRIORITY_DIGITS = 3;

/**
 * Reads one message after the other into {@link message}. It tells the formats apart: PRI, version and the begin of a time
 * make RFC 5424; everything else with a PRI, or without one but with a time, is RFC 3164 in one of its many shapes; what
 * is left is stored whole.
 */
export class MessageScanner {
  /** The message read last; the next one overwrites it. */
  readonly message = new ParsedMessage();

  readonly #source = new MessageSource();
  readonly #time = new EventTimeReader();
  readonly #names = new ParameterNames();
  readonly #keyValueHeader = new KeyValueHeader();
  #lastArrival = Number.NaN;
  #lastArrivalText = '';

  /**
   * Reads a message; never throws, whatever the bytes are.
   *
   * @param arrival time of arrival, milliseconds since the epoch
   */
  scan(frame: SyslogFrame, arrival: number, sender: SyslogSender): void {
    const source = this.#source;
    source.load(frame);
    this.message.reset();
    this.message.priority = DEFAULT_PRIORITY;
    if (frame.part > 1) this.#storeWhole('', arrival, sender);
    else this.#scan(source, arrival, sender);
  }

  /** Lets go of the bytes of the last message. */
  release(): void {
    this.#source.release();
  }

  #scan(source: MessageSource, arrival: number, sender: SyslogSender): void {
    const { bytes, end } = source;
    let position = withoutBom(bytes, source.start, end);
    source.start = position;
    position = skipSpaces(bytes, position, end);
    if (position < end && bytes[position] === LESS_THAN) {
      const afterPriority = this.#readPriority(bytes, position + 1, end);
      if (afterPriority < 0) this.#storeWhole('PRI is not a number from 0 to 191 in angle brackets', arrival, sender);
      else this.#scanAfterPriority(source, afterPriority, arrival, sender);
    } else {
      this.#scanWithoutPriority(source, position, arrival, sender);
    }
  }

  /** Reads the digits of PRI and returns the position after `>`, or -1. */
  #readPriority(bytes: Uint8Array, position: number, end: number): number {
    const start = position;
    let priority = 0;
    while (position < end && position - start < MAX_PRIORITY_DIGITS && isDigit(bytes[position])) {
      priority = priority * 10 + (bytes[position++] as number) - DIGIT_0;
    }
    const digits = position - start;
    if (digits === 0 || position >= end || bytes[position] !== GREATER_THAN || priority > MAX_PRIORITY) return -1;
    if (digits > 1 && bytes[start] === DIGIT_0) return -1;
    this.message.priority = priority;
    return position + 1;
  }

  #scanAfterPriority(source: MessageSource, position: number, arrival: number, sender: SyslogSender): void {
    const { bytes, end } = source;
    const { message } = this;
    const first = skipSpaces(bytes, position, end);
    const versionEnd = rfc5424VersionEnd(source, first);
    if (versionEnd >= 0) {
      if (scanRfc5424(source, first, versionEnd, message, this.#names, this.#time, arrival, sender.zone)) return;
      const reason = message.parseError;
      message.reset();
      if (!scanEpochHeader(source, versionEnd, message, sender)) this.#storeWhole(reason, arrival, sender);
      return;
    }
    if (this.#scanTimeFirst(source, first, arrival, sender)) return;
    message.timestamp = this.#arrivalText(arrival);
    if (scanCiscoHeader(source, first, message, this.#time, arrival, sender.zone, sender.hostname)) return;
    message.hostname = sender.hostname;
    if (this.#keyValueHeader.read(source, first, message, this.#time, arrival, sender.zone)) {
      message.message = source.slice(first, end);
      return;
    }
    scanWithoutTime(source, position, message, sender);
  }

  #scanWithoutPriority(source: MessageSource, position: number, arrival: number, sender: SyslogSender): void {
    const { message } = this;
    const versionEnd = rfc5424VersionEnd(source, position);
    if (versionEnd >= 0) {
      if (scanRfc5424(source, position, versionEnd, message, this.#names, this.#time, arrival, sender.zone)) return;
      message.reset();
    }
    if (!this.#scanTimeFirst(source, position, arrival, sender)) {
      this.#storeWhole('neither PRI nor a time at the begin', arrival, sender);
    }
  }

  /** RFC 3164 from the time on; false when there is no time at `position`. */
  #scanTimeFirst(source: MessageSource, position: number, arrival: number, sender: SyslogSender): boolean {
    const { message } = this;
    const time = this.#time;
    if (!time.read(source, position, arrival, sender.zone)) return false;
    message.timestamp = time.value;
    const { bytes, end } = source;
    const tag = scanHost(source, time.end, message, sender.hostname);
    const first = bytes[tag];
    // A relay has put its own header before that of a Cisco device.
    if (tag < end && (first === COLON || isDigit(first))) {
      if (scanCiscoHeader(source, tag, message, time, arrival, sender.zone, message.hostname)) return true;
    }
    const isStrayColon = tag + 1 < end && first === COLON && bytes[tag + 1] === 0x20;
    scanTagAndContent(source, isStrayColon ? skipSpaces(bytes, tag + 1, end) : tag, message);
    return true;
  }

  #storeWhole(reason: string, arrival: number, sender: SyslogSender): void {
    const { message } = this;
    message.reset();
    message.timestamp = this.#arrivalText(arrival);
    message.hostname = sender.hostname;
    message.message = this.#source.slice(this.#source.start, this.#source.end);
    message.parseError = reason;
  }

  #arrivalText(arrival: number): string {
    if (arrival !== this.#lastArrival) {
      this.#lastArrival = arrival;
      this.#lastArrivalText = new Date(arrival).toISOString();
    }
    return this.#lastArrivalText;
  }
}
