// What became of every record that a soak test sent. Each record carries its identity in its text: `soak:SOURCE-NUMBER;`.
'use strict';

/** States of a record: one byte each, so that hours of load fit in memory. */
const ACKNOWLEDGED = 1;
const DELIVERED = 2;
/** From here on the count of copies in the store. */
const STORED_SHIFT = 2;
const STORED_MAX = 63;
const IDENTITY = /soak:([a-z]+)-(\d+);/g;
const FIRST_CAPACITY = 1 << 16;

class Source {
  sent = 0;
  states = new Uint8Array(FIRST_CAPACITY);

  next() {
    if (this.sent === this.states.length) {
      const grown = new Uint8Array(this.states.length * 2);
      grown.set(this.states);
      this.states = grown;
    }
    return this.sent++;
  }
}

class Ledger {
  #sources = new Map();

  /** Text of the next record of a source. */
  next(name) {
    let source = this.#sources.get(name);
    if (source === undefined) this.#sources.set(name, (source = new Source()));
    return `soak:${name}-${source.next()}; order placed by customer ${source.sent % 977} in ${source.sent % 89} ms`;
  }

  /** The server said that it has everything from `first` up to what was sent until now. */
  acknowledge(name, first, end) {
    const { states } = this.#sources.get(name);
    for (let i = first; i < end; i++) states[i] |= ACKNOWLEDGED;
  }

  /** Number that the next record of a source gets. */
  position(name) {
    return this.#sources.get(name)?.sent ?? 0;
  }

  /** Notes records that a forwarder brought. */
  delivered(text) {
    for (const [, name, number] of text.matchAll(IDENTITY)) {
      const states = this.#sources.get(name)?.states;
      if (states !== undefined) states[Number(number)] |= DELIVERED;
    }
  }

  /** Notes records that a query found. */
  stored(text) {
    for (const [, name, number] of text.matchAll(IDENTITY)) {
      const states = this.#sources.get(name)?.states;
      if (states === undefined) continue;
      if (states[Number(number)] >> STORED_SHIFT < STORED_MAX) states[Number(number)] += 1 << STORED_SHIFT;
    }
  }

  /** @returns {Record<string, object>} counts by source */
  balance() {
    const balance = {};
    for (const [name, { sent, states }] of this.#sources) {
      const counts = { sent, acknowledged: 0, stored: 0, twice: 0, absent: 0, acknowledged_absent: 0, undelivered: 0 };
      for (let i = 0; i < sent; i++) {
        const copies = states[i] >> STORED_SHIFT;
        if (states[i] & ACKNOWLEDGED) counts.acknowledged++;
        if (copies > 0) counts.stored++;
        if (copies > 1) counts.twice++;
        if (copies === 0) counts.absent++;
        if (copies === 0 && states[i] & ACKNOWLEDGED) counts.acknowledged_absent++;
        if (copies > 0 && !(states[i] & DELIVERED)) counts.undelivered++;
      }
      balance[name] = counts;
    }
    return balance;
  }
}

module.exports = { Ledger };
