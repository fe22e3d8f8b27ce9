import { parsePattern } from './parse-pattern';
import { compileProgram, hasBackreference, type Program } from './program';
import { Search } from './run-program';

/** A pattern in Oniguruma's Ruby syntax, compiled once. */
export class OnigRegex {
  /** Name of each group by number; the whole match and unnamed groups are null. */
  readonly groupNames: readonly (string | null)[];
  readonly #program: Program;
  readonly #search: Search;

  /** @throws OnigSyntaxError */
  constructor(source: string) {
    const pattern = parsePattern(source);
    this.groupNames = pattern.groupNames;
    this.#program = compileProgram(pattern);
    // One search at a time: what it needs is kept from one text to the next.
    this.#search = new Search(2 * this.groupNames.length, !hasBackreference(pattern.root));
  }

  /**
   * The groups of the first match, the whole match first; undefined for groups that took no part.
   *
   * @returns null when nothing matches, or when the search would take too long
   */
  exec(text: string): (string | undefined)[] | null {
    if (!this.#search.find(this.#program, text)) return null;
    const { registers } = this.#search;
    return this.groupNames.map((_, group) => {
      const start = registers[2 * group] as number;
      const end = registers[2 * group + 1] as number;
      return start === -1 || end === -1 ? undefined : text.slice(start, end);
    });
  }
}
