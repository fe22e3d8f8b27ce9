import { hasCode, MAX_CODE_POINT, type CodeRanges } from './code-ranges';

const ASCII = 128;

/** Sets times edges of their runs: splitting the code points looks each edge up in each set. */
export const MAX_ALPHABET_WORK = 4_000_000;

/** Work of making the alphabet of the sets. */
export function alphabetWork(sets: readonly CodeRanges[]): number {
  return sets.length * sets.reduce((edges, set) => edges + set.length, 0);
}

/**
 * Splits all code points into the classes that some sets cannot tell apart, so that a table needs one column a class
 * instead of one a code point.
 */
export class Alphabet {
  /** How many classes there are. */
  readonly size: number;
  /** One code point of each class. */
  readonly samples: readonly number[];
  /** Class of each ASCII character. */
  readonly ascii = new Uint16Array(ASCII);
  /** First code point of each run, ascending, and the class of each run. */
  readonly #starts: Int32Array;
  readonly #classes: Uint16Array;

  constructor(sets: readonly CodeRanges[]) {
    const edges = new Set([0]);
    for (const set of sets) {
      for (let at = 0; at < set.length; at += 2) {
        edges.add(set[at] ?? 0);
        const next = (set[at + 1] ?? 0) + 1;
        if (next <= MAX_CODE_POINT) edges.add(next);
      }
    }
    this.#starts = Int32Array.from(edges).sort();
    this.#classes = new Uint16Array(this.#starts.length);
    const samples: number[] = [];
    const known = new Map<string, number>();
    for (const [run, start] of this.#starts.entries()) {
      const signature = signatureOf(sets, start);
      let index = known.get(signature);
      if (index === undefined) {
        index = samples.push(start) - 1;
        known.set(signature, index);
      }
      this.#classes[run] = index;
    }
    this.samples = samples;
    this.size = samples.length;
    for (let code = 0; code < ASCII; code++) this.ascii[code] = this.#find(code);
  }

  /** Class of a code point. */
  classOf(code: number): number {
    return code < ASCII ? (this.ascii[code] ?? 0) : this.#find(code);
  }

  #find(code: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= code) low = middle;
      else high = middle - 1;
    }
    return this.#classes[low] ?? 0;
  }
}

/** Which of the sets have the code point, 16 of them a character. */
function signatureOf(sets: readonly CodeRanges[], code: number): string {
  let signature = '';
  let bits = 0;
  for (const [at, set] of sets.entries()) {
    if (hasCode(set, code)) bits |= 1 << (at % 16);
    if (at % 16 === 15) {
      signature += String.fromCharCode(bits);
      bits = 0;
    }
  }
  return signature + String.fromCharCode(bits);
}
