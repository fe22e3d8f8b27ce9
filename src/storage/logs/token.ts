/**
 * Tokens are the words by which segments are pruned: longest runs of ASCII letters, digits and `_`, and of all
 * characters beyond ASCII. A token is known by a 32-bit hash (FNV-1a with a final mix).
 */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 1 for UTF-16 units below 128 that are part of a token; units from 128 on always are. */
const IS_TOKEN_UNIT = new Uint8Array(128);
for (let unit = 0; unit < 128; unit++) IS_TOKEN_UNIT[unit] = /\w/.test(String.fromCharCode(unit)) ? 1 : 0;

function isTokenUnit(unit: number): boolean {
  return unit >= 128 || IS_TOKEN_UNIT[unit] === 1;
}

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Calls nothing, allocates little: the hashes of all tokens of `text[start, end)` go into `into`. */
export function addTokens(text: string, start: number, end: number, into: HashSet): void {
  let hash = FNV_OFFSET;
  let inToken = false;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (isTokenUnit(unit)) {
      hash = Math.imul(hash ^ unit, FNV_PRIME);
      inToken = true;
    } else if (inToken) {
      into.add(finish(hash));
      hash = FNV_OFFSET;
      inToken = false;
    }
  }
  if (inToken) into.add(finish(hash));
}

/** Where a piece of text stands in the values that are looked for: it tells which of its tokens are whole. */
export type TextPosition = 'whole' | 'prefix' | 'suffix' | 'inside';

/** Hashes of the tokens that every value must have which equals, begins with, ends with or contains `text`. */
export function requiredTokens(text: string, position: TextPosition): number[] {
  let start = 0;
  let end = text.length;
  if (position === 'inside' || position === 'suffix') {
    // The first token may go on to the left of the text.
    while (start < end && isTokenUnit(text.charCodeAt(start))) start++;
  }
  if (position === 'inside' || position === 'prefix') {
    while (end > start && isTokenUnit(text.charCodeAt(end - 1))) end--;
  }
  const hashes = new HashSet();
  addTokens(text, start, end, hashes);
  return [...hashes.values()];
}

/** Slots at the start; a power of two. */
const INITIAL_SLOTS = 256;

/** A set of unsigned 32-bit hashes. */
export class HashSet {
  // Slot 0 means free, so the hash 0 has a flag of its own.
  #slots = new Uint32Array(INITIAL_SLOTS);
  #hasZero = false;
  #used = 0;

  get size(): number {
    return this.#used + (this.#hasZero ? 1 : 0);
  }

  add(hash: number): void {
    if (hash === 0) {
      this.#hasZero = true;
      return;
    }
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    for (;;) {
      const stored = this.#slots[slot] as number;
      if (stored === hash) return;
      if (stored === 0) break;
      slot = (slot + 1) & mask;
    }
    this.#slots[slot] = hash;
    this.#used++;
    if (this.#used * 2 > this.#slots.length) this.#grow();
  }

  *values(): IterableIterator<number> {
    if (this.#hasZero) yield 0;
    for (const hash of this.#slots) {
      if (hash !== 0) yield hash;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    this.#used = 0;
    for (const hash of old) {
      if (hash !== 0) this.add(hash);
    }
  }
}
