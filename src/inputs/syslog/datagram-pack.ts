/**
 * Datagrams on their way from the receiving thread to the main thread: one buffer holds many, each behind a header of three
 * 32-bit numbers (index of the sender, milliseconds since the pack was begun, length).
 */
const HEADER_NUMBERS = 3;
const NUMBER_BYTES = 4;
const HEADER_BYTES = HEADER_NUMBERS * NUMBER_BYTES;

/** Large enough for hundreds of messages, small enough to be parsed within a few milliseconds. */
export const PACK_BYTES = 256 * 1024;

/** Fills a pack. */
export class PackWriter {
  readonly #buffer: ArrayBuffer;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #used = 0;
  #begun = 0;
  count = 0;

  /** @param buffer of {@link PACK_BYTES}, which is more than the largest datagram takes */
  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }

  hasRoom(length: number): boolean {
    return this.#used + HEADER_BYTES + length <= this.#bytes.length;
  }

  /** Adds a datagram, for which there must be room. */
  add(sender: number, arrival: number, datagram: Uint8Array): void {
    const end = this.#used + HEADER_BYTES + datagram.length;
    if (this.count === 0) this.#begun = arrival;
    const view = this.#view;
    view.setUint32(this.#used, sender, true);
    // A clock that was set back must not give a time in the far future.
    view.setUint32(this.#used + NUMBER_BYTES, Math.max(0, arrival - this.#begun), true);
    view.setUint32(this.#used + 2 * NUMBER_BYTES, datagram.length, true);
    this.#bytes.set(datagram, this.#used + HEADER_BYTES);
    this.#used = end;
    this.count++;
  }

  /** The pack, to be transferred to the other thread. */
  finish(): DatagramPack {
    return { buffer: this.#buffer, used: this.#used, begun: this.#begun };
  }
}

/** A filled pack. */
export interface DatagramPack {
  readonly buffer: ArrayBuffer;
  /** Bytes in use. */
  readonly used: number;
  /** Arrival of the first datagram, milliseconds since the epoch. */
  readonly begun: number;
}

/** Reads the datagrams of a pack in their order; after {@link next} it is one of them. */
export class PackReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #pack: DatagramPack;
  #position = 0;
  sender = 0;
  arrival = 0;
  datagram: Buffer;

  constructor(pack: DatagramPack) {
    this.#pack = pack;
    this.#bytes = Buffer.from(pack.buffer);
    this.#view = new DataView(pack.buffer);
    this.datagram = this.#bytes;
  }

  next(): boolean {
    if (this.#position >= this.#pack.used) return false;
    const view = this.#view;
    this.sender = view.getUint32(this.#position, true);
    this.arrival = this.#pack.begun + view.getUint32(this.#position + NUMBER_BYTES, true);
    const start = this.#position + HEADER_BYTES;
    this.#position = start + view.getUint32(this.#position + 2 * NUMBER_BYTES, true);
    this.datagram = this.#bytes.subarray(start, this.#position);
    return true;
  }
}
