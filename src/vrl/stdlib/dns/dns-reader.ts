import { formatIp, IPV4_BYTES, IPV6_BYTES } from '../ip/address';

/** Bytes that are no DNS message; not an Error, so that it stays cheap. */
export class DnsError {
  constructor(readonly message: string) {}
}

/** Longest name in text: 255 bytes on the wire (RFC 1035 section 3.1), each perhaps as an escape of four characters. */
const MAX_NAME_BYTES = 255;
const MAX_POINTERS = 128;

/** Reads a DNS message's bytes one part after the other (RFC 1035 section 4). */
export class DnsReader {
  readonly #message: Uint8Array;
  readonly #lowercase: boolean;
  #position: number;
  #end: number;

  /** @param lowercase makes names lower case */
  constructor(message: Uint8Array, lowercase: boolean) {
    this.#message = message;
    this.#lowercase = lowercase;
    this.#position = 0;
    this.#end = message.length;
  }

  get left(): number {
    return this.#end - this.#position;
  }

  /** Runs something over the next bytes alone and steps over them, whatever it read. */
  within<T>(length: number, read: () => T): T {
    this.#need(length);
    const outer = this.#end;
    const end = this.#position + length;
    this.#end = end;
    try {
      return read();
    } finally {
      this.#position = end;
      this.#end = outer;
    }
  }

  u8(): number {
    this.#need(1);
    return this.#message[this.#position++] as number;
  }

  u16(): number {
    return this.u8() * 256 + this.u8();
  }

  u32(): number {
    return this.u16() * 65_536 + this.u16();
  }

  bytes(length: number): Uint8Array {
    this.#need(length);
    this.#position += length;
    return this.#message.subarray(this.#position - length, this.#position);
  }

  /** The bytes left in this part. */
  rest(): Uint8Array {
    return this.bytes(this.left);
  }

  ipv4(): string {
    return formatIp(this.bytes(IPV4_BYTES));
  }

  ipv6(): string {
    return formatIp(this.bytes(IPV6_BYTES));
  }

  /** A string with its length in front. */
  characterString(): string {
    return text(this.bytes(this.u8()));
  }

  /** A domain name, which may go on elsewhere in the message, as text with a dot at its end. */
  name(): string {
    let name = '';
    let length = 0;
    let pointers = 0;
    let back = -1;
    for (;;) {
      const size = this.u8();
      if (size === 0) break;
      if (size >= 0xc0) {
        const target = (size & 0x3f) * 256 + this.u8();
        if (++pointers > MAX_POINTERS) throw new DnsError('Encountered error: label points in a circle');
        if (back === -1) back = this.#position;
        this.#jump(target);
        continue;
      }
      if (size > 63) throw new DnsError(`Encountered error: unexpected label length ${size}`);
      length += size + 1;
      if (length > MAX_NAME_BYTES) throw new DnsError('Encountered error: name is too long');
      name += `${labelText(this.bytes(size))}.`;
    }
    if (back !== -1) this.#restore(back);
    if (name === '') return '.';
    return this.#lowercase ? name.toLowerCase() : name;
  }

  #outerEnd = -1;

  #jump(target: number): void {
    if (target >= this.#message.length) throw new DnsError('Encountered error: label points outside');
    if (this.#outerEnd === -1) this.#outerEnd = this.#end;
    this.#end = this.#message.length;
    this.#position = target;
  }

  #restore(position: number): void {
    this.#position = position;
    this.#end = this.#outerEnd;
    this.#outerEnd = -1;
  }

  #need(length: number): void {
    if (length > this.left) throw new DnsError('Encountered error: unexpected end of input reached');
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes as text, invalid UTF-8 replaced. */
export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** A label with escapes for what would be read otherwise. */
function labelText(bytes: Uint8Array): string {
  let label = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    if ('."\\();@$'.includes(char)) label += `\\${char}`;
    else if (byte > 0x20 && byte < 0x7f) label += char;
    else label += `\\${String(byte).padStart(3, '0')}`;
  }
  return label;
}
