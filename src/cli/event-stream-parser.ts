import { StringDecoder } from 'node:string_decoder';
import { CliError } from './cli-error';

/** One server-sent event. */
export interface StreamEvent {
  /** `message` unless the server named it. */
  readonly type: string;
  readonly data: string;
  /** Id of this event or of the last one before it that had one; empty when none had. */
  readonly id: string;
}

/** Characters one event may have: far above the longest record, far below what memory holds. */
const MAX_EVENT_LENGTH = 64 * 1024 * 1024;

/**
 * Reads a `text/event-stream` from chunks cut anywhere (HTML standard, section 9.2.6 "Interpreting an event stream").
 *
 * @example
 * const parser = new EventStreamParser();
 * for (const event of parser.push(Buffer.from('data: hello\n\n'))) console.log(event.data);
 */
export class EventStreamParser {
  readonly #decoder = new StringDecoder('utf8');
  /** Text after the last complete line, in pieces: joining them for each chunk would be quadratic. */
  #tail: string[] = [];
  #tailLength = 0;
  /** The last chunk ended with a carriage return: a line feed at the start of the next one belongs to it. */
  #afterReturn = false;
  #atStart = true;
  #type = '';
  #data: string[] = [];
  #dataLength = 0;
  #id = '';

  /**
   * Takes the next bytes and gives the events that they complete.
   * @throws CliError when an event is too long to be one
   */
  push(chunk: Uint8Array): StreamEvent[] {
    const text = this.#withoutMark(this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)));
    const events: StreamEvent[] = [];
    let start = 0;
    if (this.#afterReturn && text.length > 0) {
      if (text.startsWith('\n')) start = 1;
      this.#afterReturn = false;
    }
    let feed = text.indexOf('\n', start);
    let carriageReturn = text.indexOf('\r', start);
    while (feed !== -1 || carriageReturn !== -1) {
      const byReturn = feed === -1 || (carriageReturn !== -1 && carriageReturn < feed);
      const end = byReturn ? carriageReturn : feed;
      this.#endLine(text.slice(start, end), events);
      start = end + 1;
      if (byReturn) {
        if (start === text.length) this.#afterReturn = true;
        else if (feed === start) start++;
        carriageReturn = text.indexOf('\r', start);
      }
      if (feed !== -1 && feed < start) feed = text.indexOf('\n', start);
    }
    this.#keep(text.slice(start));
    return events;
  }

  #withoutMark(text: string): string {
    if (!this.#atStart || text === '') return text;
    this.#atStart = false;
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  #keep(text: string): void {
    if (text === '') return;
    this.#tail.push(text);
    this.#tailLength += text.length;
    if (this.#tailLength + this.#dataLength > MAX_EVENT_LENGTH)
      throw new CliError('the server sent an event without end');
  }

  #endLine(text: string, events: StreamEvent[]): void {
    const line = this.#tail.length === 0 ? text : this.#tail.join('') + text;
    this.#tail = [];
    this.#tailLength = 0;
    if (line !== '') {
      this.#readField(line);
      return;
    }
    if (this.#data.length > 0)
      events.push({ type: this.#type || 'message', data: this.#data.join('\n'), id: this.#id });
    this.#type = '';
    this.#data = [];
    this.#dataLength = 0;
  }

  #readField(line: string): void {
    const colon = line.indexOf(':');
    // A line that begins with a colon is a comment.
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'data') {
      this.#data.push(value);
      this.#dataLength += value.length;
      if (this.#dataLength > MAX_EVENT_LENGTH) throw new CliError('the server sent an event without end');
    }
  }
}
