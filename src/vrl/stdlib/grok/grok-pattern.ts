import { OnigRegex } from '../oniguruma/onig-regex';
import { OnigSyntaxError } from '../oniguruma/tree';
import { emptyObject, type VrlObject } from '../../value/value';
import { STANDARD_PATTERNS } from './standard-patterns';

/** A grok pattern that is not valid. */
export class GrokPatternError extends Error {
  readonly code = 'GROK_PATTERN';
  constructor(message: string) {
    super(message);
    this.name = 'GrokPatternError';
  }
}

/** Patterns within patterns. */
const MAX_DEPTH = 100;
/** Length of a pattern with all others put in. */
const MAX_EXPANDED_LENGTH = 1_000_000;

/** `%{name:alias:extract=definition}`; all but the name may be left out. */
const PLACEHOLDER = /%\{([A-Za-z0-9_]+)(?::([A-Za-z0-9_@\-[\].]*)(?::([A-Za-z0-9_@\-[\].]+))?)?(?:=([^{}]+))?\}/g;

/** A grok pattern, compiled once. */
export class GrokPattern {
  readonly #regex: OnigRegex;
  /** Name of the field of each group; undefined for groups that are no fields. */
  readonly #fields: readonly (string | undefined)[];

  /**
   * @throws GrokPatternError
   * @example new GrokPattern('%{WORD:verb} %{NUMBER:size}').match('GET 12') // { verb: 'GET', size: '12' }
   */
  constructor(source: string) {
    const expansion = new Expansion();
    const expanded = expansion.expand(source, new Map(), 0);
    if (expanded === '')
      throw new GrokPatternError(`The given pattern "${source}" ended up compiling into an empty regex`);
    try {
      this.#regex = new OnigRegex(expanded);
    } catch (error) {
      if (!(error instanceof OnigSyntaxError)) throw error;
      throw new GrokPatternError(
        `The given regex "${expanded}" failed compilation in the underlying engine: ${error.message}`,
      );
    }
    this.#fields = this.#regex.groupNames.map((name) =>
      name === null ? undefined : (expansion.fieldOf.get(name) ?? name),
    );
  }

  /** The fields that took part in the match, the last where several have one name; undefined for no match. */
  match(text: string): VrlObject | undefined {
    const groups = this.#regex.exec(text);
    if (groups === null) return undefined;
    const fields = emptyObject();
    for (let i = 1; i < groups.length; i++) {
      const field = this.#fields[i];
      const group = groups[i];
      if (field !== undefined && group !== undefined) fields[field] = group;
    }
    return fields;
  }
}

/** Puts patterns in for their names. */
class Expansion {
  /** Field of each group that a placeholder makes. */
  readonly fieldOf = new Map<string, string>();
  readonly #uses = new Map<string, number>();
  #length = 0;

  expand(source: string, definitions: Map<string, string>, depth: number): string {
    if (depth > MAX_DEPTH) throw new GrokPatternError(`Recursion while compiling reached the limit of ${MAX_DEPTH}`);
    let expanded = '';
    let position = 0;
    for (const match of source.matchAll(PLACEHOLDER)) {
      const [whole, name, alias = '', extract, definition] = match as unknown as [
        string,
        string,
        ...(string | undefined)[],
      ];
      const emptyAlias = match[2] === '' && extract === undefined;
      if (emptyAlias)
        throw new GrokPatternError(`Something unexpected happened during the compilation phase: "${whole}"`);
      const between = source.slice(position, match.index);
      this.#check(between);
      expanded += between;
      position = match.index + whole.length;
      if (definition !== undefined) definitions.set(name, definition);
      const pattern = definition ?? definitions.get(name) ?? STANDARD_PATTERNS.get(name);
      if (pattern === undefined) {
        throw new GrokPatternError(
          `The given pattern definition name "${name}" could not be found in the definition map`,
        );
      }
      const opening = alias === '' ? '(?:' : `(?<${this.#groupFor(alias)}>`;
      expanded += `${opening}${this.expand(pattern, new Map(), depth + 1)})`;
    }
    const rest = source.slice(position);
    this.#check(rest);
    return expanded + rest;
  }

  #check(part: string): void {
    this.#length += part.length;
    if (this.#length > MAX_EXPANDED_LENGTH) throw new GrokPatternError('the pattern is too large');
    if (part.includes('%{')) {
      throw new GrokPatternError(`Something unexpected happened during the compilation phase: "${part}"`);
    }
  }

  #groupFor(alias: string): string {
    const uses = this.#uses.get(alias) ?? 0;
    this.#uses.set(alias, uses + 1);
    const group = `_n_${this.fieldOf.size}`;
    this.fieldOf.set(group, uses === 0 ? alias : `${alias}[${uses}]`);
    return group;
  }
}
