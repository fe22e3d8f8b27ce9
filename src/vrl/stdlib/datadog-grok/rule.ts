import { OnigRegex } from '../oniguruma/onig-regex';
import { OnigSyntaxError } from '../oniguruma/tree';
import { isObject } from '../../value/kind-of';
import { emptyObject, type VrlObject, type VrlValue } from '../../value/value';
import { STANDARD_PATTERNS } from '../grok/standard-patterns';
import { BASE_PATTERNS } from './base-patterns';
import { DateFormat } from './date-format';
import { dateFilter, makeFilter, type Filter } from './filters';
import { splitRule, type Call, type Placeholder } from './read-placeholder';
import { RuleError } from './rule-error';

/** Where a group's text goes. */
interface Target {
  readonly path: readonly string[];
  readonly filters: readonly Filter[];
}

/** Patterns within patterns. */
const MAX_DEPTH = 100;
/** Length of a rule with everything put in. */
const MAX_LENGTH = 1_000_000;

/** A parsing rule in Datadog's syntax, compiled once. */
export class Rule {
  readonly #regex: OnigRegex;
  readonly #targets: readonly (Target | undefined)[];

  /** @throws RuleError */
  constructor(source: string, aliases: ReadonlyMap<string, string>) {
    const builder = new RuleBuilder(aliases);
    const body = builder.expand(source, 0);
    try {
      // The dot also matches line breaks, and the rule must match everything.
      this.#regex = new OnigRegex(`(?m)\\A(?:${body})\\z`);
    } catch (error) {
      if (!(error instanceof OnigSyntaxError)) throw error;
      throw new RuleError(`failed to parse grok expression '${source}': ${error.message}`);
    }
    this.#targets = this.#regex.groupNames.map((name) => (name === null ? undefined : builder.targets.get(name)));
  }

  /** The fields of a text; undefined when the rule does not match. */
  parse(text: string): VrlObject | undefined {
    const groups = this.#regex.exec(text);
    if (groups === null) return undefined;
    const result = emptyObject();
    for (let i = 1; i < groups.length; i++) {
      const target = this.#targets[i];
      let value: VrlValue | undefined = groups[i];
      if (target === undefined || value === undefined) continue;
      for (const filter of target.filters) {
        if (value !== undefined && value !== null) value = filter(value);
        if (value !== undefined && isObject(value)) value = withNestedKeys(value);
      }
      if (value !== undefined && value !== null) store(result, target.path, value);
    }
    return result;
  }
}

class RuleBuilder {
  readonly targets = new Map<string, Target>();
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #open: string[] = [];
  #length = 0;

  constructor(aliases: ReadonlyMap<string, string>) {
    this.#aliases = aliases;
  }

  expand(source: string, depth: number): string {
    if (depth > MAX_DEPTH) throw new RuleError('patterns are nested too deep');
    let expanded = '';
    for (const part of splitRule(source)) {
      const text: string = typeof part === 'string' ? part : this.#placeholder(part, depth);
      this.#length += typeof part === 'string' ? part.length : 0;
      if (this.#length > MAX_LENGTH) throw new RuleError('the rule is too large');
      expanded += text;
    }
    return expanded;
  }

  #placeholder({ matcher, path, filter }: Placeholder, depth: number): string {
    const filters: Filter[] = [];
    const body = this.#matcher(matcher, depth, filters);
    if (path === undefined) return `(?:${body})`;
    if (filter !== undefined) filters.push(makeFilter(filter));
    const group = `grok${this.targets.size}`;
    this.targets.set(group, { path, filters });
    return `(?<${group}>${body})`;
  }

  /** The pattern of a matcher, and what it does to the text that it matches. */
  #matcher(matcher: Call, depth: number, filters: Filter[]): string {
    const alias = this.#aliases.get(matcher.name);
    if (alias !== undefined) return this.#alias(matcher.name, alias, depth);
    switch (matcher.name) {
      case 'regex': {
        const [pattern] = matcher.args;
        if (typeof pattern !== 'string') throw new RuleError("invalid arguments for the function 'regex'");
        return pattern;
      }
      case 'date': {
        const [format, zone] = matcher.args;
        if (typeof format !== 'string' || (zone !== undefined && typeof zone !== 'string')) {
          throw new RuleError("invalid arguments for the function 'date'");
        }
        const date = new DateFormat(format, zone);
        filters.push(dateFilter(date));
        return date.pattern;
      }
      case 'boolean': {
        filters.push(makeFilter(matcher));
        const [yes, no] = matcher.args;
        return typeof yes === 'string' && typeof no === 'string' ? `(?:${yes}|${no})` : '(?i:true|false)';
      }
      case 'integer':
      case 'integerExt':
      case 'number':
      case 'numberExt':
        filters.push(makeFilter(matcher));
        return this.#named(`${matcher.name}Str`, depth);
      default:
        return this.#named(matcher.name, depth);
    }
  }

  #named(name: string, depth: number): string {
    const pattern = BASE_PATTERNS.get(name) ?? withoutFields(STANDARD_PATTERNS.get(name));
    if (pattern === undefined) {
      throw new RuleError(`The given pattern definition name "${name}" could not be found in the definition map`);
    }
    return this.expand(pattern, depth + 1);
  }

  #alias(name: string, definition: string, depth: number): string {
    if (this.#open.includes(name)) {
      throw new RuleError(`Circular dependency found while resolving alias '${name}'`);
    }
    this.#open.push(name);
    const expanded = this.expand(definition, depth + 1);
    this.#open.pop();
    return expanded;
  }
}

/** A pattern of the library that parse_grok has as well; the fields that it names are none here. */
function withoutFields(pattern: string | undefined): string | undefined {
  return pattern?.replace(/(%\{\w+):[^{}]*\}/g, '$1}').replace(/\(\?<(?![=!])\w+>/g, '(?:');
}

/** Puts a value at a path; objects at the root are merged into it, values that are already there make an array. */
function store(result: VrlObject, path: readonly string[], value: VrlValue): void {
  if (path.length === 0) {
    if (isObject(value)) for (const key of Object.keys(value)) result[key] = value[key] as VrlValue;
    return;
  }
  let parent = result;
  for (const name of path.slice(0, -1)) {
    const next = parent[name];
    if (next !== undefined && isObject(next)) parent = next;
    else {
      const created = emptyObject();
      parent[name] = created;
      parent = created;
    }
  }
  const last = path[path.length - 1] as string;
  const existing = parent[last];
  if (existing === undefined) parent[last] = value;
  else if (Array.isArray(existing)) existing.push(value);
  else parent[last] = [existing, value];
}

/** Keys with dots become objects within objects. */
function withNestedKeys(object: VrlObject): VrlObject {
  const result = emptyObject();
  for (const key of Object.keys(object)) {
    const value = object[key] as VrlValue;
    const nested = isObject(value) ? withNestedKeys(value) : value;
    const path = /^[A-Za-z0-9_@-]+(?:\.[A-Za-z0-9_@-]+)+$/.test(key) ? key.split('.') : [key];
    replaceAt(result, path, nested);
  }
  return result;
}

function replaceAt(result: VrlObject, path: readonly string[], value: VrlValue): void {
  let parent = result;
  for (const name of path.slice(0, -1)) {
    const next = parent[name];
    if (next !== undefined && isObject(next)) parent = next;
    else {
      const created = emptyObject();
      parent[name] = created;
      parent = created;
    }
  }
  parent[path[path.length - 1] as string] = value;
}
