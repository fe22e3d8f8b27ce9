import { RuleError } from './rule-error';

/** An argument of a matcher or filter. */
export type Argument = string | number | null | Call;

/** A matcher or filter with its arguments. */
export interface Call {
  readonly name: string;
  readonly args: readonly Argument[];
}

/** What `%{matcher:path:filter}` says. */
export interface Placeholder {
  readonly matcher: Call;
  /** Where the value goes: names of fields, none for the root; undefined when it goes nowhere. */
  readonly path: readonly string[] | undefined;
  readonly filter: Call | undefined;
}

/** Calls within calls. */
const MAX_NESTING = 10;

/** Finds placeholders, with the text between them. */
export function splitRule(rule: string): (string | Placeholder)[] {
  const parts: (string | Placeholder)[] = [];
  let position = 0;
  for (;;) {
    const start = rule.indexOf('%{', position);
    if (start === -1) {
      parts.push(rule.slice(position));
      return parts;
    }
    parts.push(rule.slice(position, start));
    const reader = new PlaceholderReader(rule, start + 2);
    parts.push(reader.read());
    position = reader.position;
  }
}

class PlaceholderReader {
  readonly #rule: string;
  position: number;

  constructor(rule: string, position: number) {
    this.#rule = rule;
    this.position = position;
  }

  read(): Placeholder {
    const start = this.position;
    const matcher = this.#call(0);
    let path: string[] | undefined;
    let filter: Call | undefined;
    if (this.#take(':')) {
      path = this.#path();
      if (this.#take(':')) filter = this.#call(0);
      else if (path.length === 0) throw this.#error(start);
    }
    if (!this.#take('}')) throw this.#error(start);
    return { matcher, path, filter };
  }

  #error(start: number): RuleError {
    return new RuleError(`failed to parse grok expression '%{${this.#rule.slice(start, start + 80)}'`);
  }

  #call(nesting: number): Call {
    if (nesting > MAX_NESTING) throw this.#error(this.position);
    const name = this.#match(/[A-Za-z_][A-Za-z0-9_.]*/y);
    if (name === undefined) throw this.#error(this.position);
    const args: Argument[] = [];
    if (!this.#take('(')) return { name, args };
    this.#skipSpace();
    while (!this.#take(')')) {
      args.push(this.#argument(nesting));
      this.#skipSpace();
      if (this.#take(',')) this.#skipSpace();
      else if (this.#rule[this.position] !== ')') throw this.#error(this.position);
    }
    return { name, args };
  }

  #argument(nesting: number): Argument {
    const quoted = this.#quoted();
    if (quoted !== undefined) return quoted;
    const number = this.#match(/[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y);
    if (number !== undefined) return Number(number);
    const call = this.#call(nesting + 1);
    return call.name === 'null' && call.args.length === 0 ? null : call;
  }

  /** Names apart by dots; a name may be quoted, and a dot alone is the root. */
  #path(): string[] {
    const names: string[] = [];
    this.#take('.');
    for (;;) {
      const name = this.#quoted() ?? this.#match(/[A-Za-z0-9_@-]+/y) ?? this.#bracketed();
      if (name === undefined) return names;
      names.push(name);
      this.#take('.');
    }
  }

  #bracketed(): string | undefined {
    const match = this.#match(/\["(?:[^"\\]|\\.)*"\]/y);
    return match === undefined ? undefined : unescape(match.slice(2, -2));
  }

  #quoted(): string | undefined {
    const match = this.#match(/"(?:[^"\\]|\\.)*"/sy);
    return match === undefined ? undefined : unescape(match.slice(1, -1));
  }

  #skipSpace(): void {
    this.#match(/\s+/y);
  }

  #match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.position;
    const match = sticky.exec(this.#rule)?.[0];
    this.position += match?.length ?? 0;
    return match;
  }

  #take(token: string): boolean {
    if (!this.#rule.startsWith(token, this.position)) return false;
    this.position += token.length;
    return true;
  }
}

/** Escapes that strings know; others stay, since patterns have their own. */
function unescape(text: string): string {
  return text.replace(/\\(["\\nrt])/g, (escape, char: string) => ESCAPES.get(char) ?? escape);
}
const ESCAPES = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
