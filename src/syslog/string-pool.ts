/** Longer tokens are not worth the comparison; host names and program names are shorter. */
const MAX_TOKEN_BYTES = 40;
/** Slots of the pool, a power of two. With 40 bytes each the comparison data stays within a CPU's first cache. */
const SLOTS = 512;

/**
 * Hands out one shared string for equal ASCII tokens, so that a batch does not hold the same host name a thousand times
 * and later stages (dictionaries, maps) find its hash already computed.
 *
 * A slot holds one token; another token with the same slot replaces it. So the pool is bounded, and tokens made to
 * collide cost no more than having no pool.
 */
export class StringPool {
  readonly #strings: string[] = new Array<string>(SLOTS).fill('');
  readonly #lengths = new Uint8Array(SLOTS);
  readonly #bytes = new Uint8Array(SLOTS * MAX_TOKEN_BYTES);

  /**
   * The string of the ASCII bytes from `from` to `to`.
   *
   * @param text the latin1 reading of `bytes`
   * @param hash any hash of the token, the same for equal tokens
   */
  get(bytes: Uint8Array, text: string, from: number, to: number, hash: number): string {
    const length = to - from;
    if (length > MAX_TOKEN_BYTES) return text.substring(from, to);
    const slot = (hash ^ (hash >>> 9) ^ (hash >>> 18)) & (SLOTS - 1);
    const base = slot * MAX_TOKEN_BYTES;
    const pool = this.#bytes;
    if (this.#lengths[slot] === length) {
      let i = 0;
      while (i < length && pool[base + i] === bytes[from + i]) i++;
      if (i === length) return this.#strings[slot] as string;
    }
    const string = detached(text, from, to);
    for (let i = 0; i < length; i++) pool[base + i] = bytes[from + i] as number;
    this.#lengths[slot] = length;
    this.#strings[slot] = string;
    return string;
  }
}

/** V8 copies substrings below this length and keeps longer ones as views that hold the whole parent alive. */
const SHORTEST_SLICED_STRING = 13;

/** A substring that does not keep the chunk it came from in memory. */
function detached(text: string, from: number, to: number): string {
  const part = text.substring(from, to);
  return part.length < SHORTEST_SLICED_STRING ? part : ` ${part}`.slice(1);
}
