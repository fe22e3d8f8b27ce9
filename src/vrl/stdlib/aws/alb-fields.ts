import { fail } from '../../failure';
import { parseDecimalInteger } from '../../value/integer';
import { quotedText } from '../../value/quoted-text';
import { emptyObject, VrlFloat, type VrlObject, type VrlValue } from '../../value/value';

/** Reads the fields of a load balancer's log line (AWS, access logs of Application Load Balancers) from left to right. */
export class AlbLine {
  readonly fields: VrlObject = emptyObject();
  readonly #line: string;
  #position = 0;

  constructor(line: string) {
    this.#line = line;
  }

  get rest(): string {
    return this.#line.slice(this.#position);
  }

  /** Takes a word that a sticky expression matches; `-` is null. */
  word(name: string, shape: RegExp): void {
    this.#set(name, this.#take(name, shape));
  }

  integer(name: string): void {
    const start = this.#position;
    const value = parseDecimalInteger(this.#take(name, /[0-9-]+/y));
    if (value === undefined) throw this.#refused(name, start, 'MapRes');
    this.fields[name] = value;
  }

  float(name: string): void {
    const start = this.#position;
    const digits = this.#take(name, /[0-9.-]+/y);
    const value = /^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(digits) ? Number(digits) : NaN;
    if (Number.isNaN(value)) throw this.#refused(name, start, 'MapRes');
    this.fields[name] = new VrlFloat(value);
  }

  /** Takes the text between quotes; `-` is null. */
  quoted(name: string): void {
    this.#set(name, this.quotedText(name));
  }

  /** Takes the text between quotes, in which a backslash stands before what it makes part of the text. */
  quotedText(name: string): string {
    if (!this.#line.startsWith(' "', this.#position)) throw this.#refused(name, this.#position, 'Tag');
    QUOTED.lastIndex = this.#position + 1;
    const match = QUOTED.exec(this.#line);
    if (match === null) throw fail(`failed to get field \`${name}\`: Parsing requires more data`);
    this.#position = QUOTED.lastIndex;
    const text = match[1] as string;
    return text.includes('\\') ? text.replace(/\\(.)/gs, '$1') : text;
  }

  /** Takes words between quotes, or a single one; a quoted dash is none. */
  list(name: string, word: RegExp): void {
    const start = this.#blank(name);
    if (this.#line.startsWith('"-"', start)) {
      this.fields[name] = [];
      this.#position = start + '"-"'.length;
      return;
    }
    const quoted = new RegExp(`"(${word.source}(?: ${word.source})*)"|(${word.source})`, 'y');
    quoted.lastIndex = start;
    const match = quoted.exec(this.#line);
    if (match === null) throw this.#refused(name, start, 'TakeWhile1');
    this.fields[name] = match[2] !== undefined ? [match[2]] : (match[1] as string).split(' ');
    this.#position = quoted.lastIndex;
  }

  /** Takes the last field, which older lines do not have. */
  optional(name: string, shape: RegExp): void {
    shape.lastIndex = this.#position;
    const match = shape.exec(this.#line);
    this.fields[name] = match === null ? null : (match[1] as string);
    if (match !== null) this.#position = shape.lastIndex;
  }

  #take(name: string, shape: RegExp): string {
    const start = this.#position === 0 ? 0 : this.#blank(name);
    shape.lastIndex = start;
    const match = shape.exec(this.#line);
    if (match === null) throw this.#refused(name, start, 'TakeWhile1');
    this.#position = shape.lastIndex;
    return match[0];
  }

  /** The position behind the blank that comes next. */
  #blank(name: string): number {
    if (this.#line[this.#position] !== ' ') throw this.#refused(name, this.#position, 'Char');
    return this.#position + 1;
  }

  #refused(name: string, at: number, kind: string) {
    return fail(`failed to get field \`${name}\`: Parsing Error: (${quotedText(this.#line.slice(at))}, ${kind})`);
  }

  #set(name: string, text: string): void {
    this.fields[name] = valueOf(text);
  }
}

/** Text between quotes, none of which a backslash stands before. */
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;

function valueOf(text: string): VrlValue {
  return text === '-' ? null : text;
}

/** A request line's method, address and protocol; the address may have blanks in it. */
export function splitRequest(request: string): VrlObject {
  const first = request.indexOf(' ');
  const last = request.lastIndexOf(' ');
  if (first === -1 || first === last) throw fail('failed to get field `request_url`');
  const object = emptyObject();
  object['request_method'] = valueOf(request.slice(0, first));
  object['request_url'] = request.slice(first + 1, last);
  object['request_protocol'] = valueOf(request.slice(last + 1));
  return object;
}
