// A fixed sequence instead of Math.random: every run measures the same data.
'use strict';

/** mulberry32: numbers in [0, 1), 2^32 of them before they repeat. */
function mulberry32(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** What data makers need of a sequence. */
class Random {
  #next;

  constructor(seed) {
    this.#next = mulberry32(seed);
  }

  /** An integer in [0, limit). */
  below(limit) {
    return Math.floor(this.#next() * limit);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  /** As `pick`, the first ones far more often: what real traffic looks like. */
  pickSkewed(list) {
    const at = this.#next();
    return list[Math.floor(at * at * at * list.length)];
  }

  /** An integer of a long-tailed distribution, such as sizes and durations have. */
  longTail(typical) {
    return Math.floor(typical * Math.exp((this.#next() + this.#next() + this.#next() - 1.5) * 2));
  }

  hex(digits) {
    let text = '';
    while (text.length < digits) text += this.below(0x1000000).toString(16).padStart(6, '0');
    return text.slice(0, digits);
  }
}

module.exports = { Random };
