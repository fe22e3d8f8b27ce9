import { fail } from '../../failure';
import { parseDecimalInteger } from '../../value/integer';
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
    const digits = this.#take(name, /[0-9-]+/y);
    const value = parseDecimalInteger(digits);
    if (value === undefined) throw fail(`failed to get field \`${name}\`: invalid digit found in string`);
    this.fields[name] = value;
  }

  float(name: string): void {
    const digits = this.#take(name, /[0-9.-]+/y);
    const value = /^-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(digits) ? Number(digits) : NaN;
    if (Number.isNaN(value)) throw fail(`failed to get field \`${name}\`: invalid float literal`);
    this.fields[name] = new VrlFloat(value);
  }

  /** Takes the text between quotes; `-` is null. */
  quoted(name: string): void {
    this.#set(name, this.quotedText(name));
  }

  quotedText(name: string): string {
    return this.#take(name, /"((?:[^"\\]|\\.)*)"/sy);
  }

  /** Takes words between quotes; a dash is none. */
  list(name: string, shape: RegExp): void {
    const words = this.quotedText(name);
    if (words === '-') this.fields[name] = [];
    else if (shape.test(words)) this.fields[name] = words.split(' ');
    else throw this.#missing(name);
  }

  /** Takes the last field, which older lines do not have. */
  optional(name: string, shape: RegExp): void {
    const match = this.#match(shape);
    this.fields[name] = match === undefined ? null : valueOf(match);
  }

  #take(name: string, shape: RegExp): string {
    const match = this.#match(shape);
    if (match === undefined) throw this.#missing(name);
    return match;
  }

  #match(shape: RegExp): string | undefined {
    const start = this.#position === 0 ? 0 : this.#position + 1;
    if (start > 0 && this.#line[this.#position] !== ' ') return undefined;
    shape.lastIndex = start;
    const match = shape.exec(this.#line);
    if (match === null) return undefined;
    this.#position = start + match[0].length;
    return match[1] ?? match[0];
  }

  #missing(name: string) {
    return fail(`failed to get field \`${name}\``);
  }

  #set(name: string, text: string): void {
    this.fields[name] = valueOf(text);
  }
}

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
