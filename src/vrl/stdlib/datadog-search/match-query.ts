import { compileRegex } from '../../regex';
import { textOf } from '../../value/bytes';
import { compareText } from '../../value/compare';
import { isObject } from '../../value/kind-of';
import { displayText, toJson } from '../../value/text-forms';
import { VrlBytes, VrlFloat, type VrlObject, type VrlRegex, type VrlValue } from '../../value/value';
import type { Bound, Comparator, Piece, Query } from './tree';

/** Does an object match? */
export type Matcher = (object: VrlObject) => boolean;

/** Where a term without a field is looked for; words of these count, not the whole text. */
const DEFAULT_FIELDS = ['message', 'custom.error.message', 'custom.error.stack', 'custom.title', '_default_'];

/** Fields that are named without `@`; any other name without `@` is a tag's. */
const RESERVED_FIELDS: ReadonlySet<string> = new Set([
  'host',
  'source',
  'status',
  'service',
  'trace_id',
  'message',
  'timestamp',
  'tags',
  '_default_',
]);

/** Where a query looks: a member of the object by its path, a tag by its key, or the tags themselves. */
type Place =
  | { readonly type: 'member'; readonly path: readonly string[] }
  | { readonly type: 'tag'; readonly key: string }
  | { readonly type: 'tags' };

function placeOf(field: string): Place {
  if (field === 'tags') return { type: 'tags' };
  if (field.startsWith('@')) return { type: 'member', path: field.slice(1).split('.') };
  return RESERVED_FIELDS.has(field) ? { type: 'member', path: [field] } : { type: 'tag', key: field };
}

function memberAt(object: VrlObject, path: readonly string[]): VrlValue | undefined {
  // A flat name with dots comes first, for events are often flattened.
  const flat = path.length > 1 ? object[path.join('.')] : undefined;
  if (flat !== undefined) return flat;
  let value: VrlValue | undefined = object;
  for (const key of path) {
    if (value === undefined || !isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

function tagsOf(object: VrlObject): readonly string[] {
  const tags = object['tags'];
  if (!Array.isArray(tags)) return [];
  return tags.filter((tag) => typeof tag === 'string');
}

function textForm(value: VrlValue): string {
  const text = displayText(value);
  if (text === undefined) return toJson(value);
  return text instanceof VrlBytes ? textOf(text) : text;
}

/** The function that a query stands for. */
export function compileQuery(query: Query): Matcher {
  switch (query.type) {
    case 'all':
      return () => true;
    case 'not': {
      const operand = compileQuery(query.operand);
      return (object) => !operand(object);
    }
    case 'and': {
      const operands = query.operands.map(compileQuery);
      return (object) => operands.every((operand) => operand(object));
    }
    case 'or': {
      const operands = query.operands.map(compileQuery);
      return (object) => operands.some((operand) => operand(object));
    }
    case 'exists':
      return existence(placeOf(query.field));
    case 'equals':
      return query.field === undefined ? wordSearch([{ text: query.value }]) : equality(query.field, query.value);
    case 'wildcard':
      return query.field === undefined ? wordSearch(query.pattern) : patternSearch(query.field, query.pattern);
    case 'compare':
      return comparison(query.field, query.comparator, query.bound);
    case 'range': {
      const { field, lower, upper } = query;
      if (lower === null && upper === null) return existence(placeOf(field));
      const above = comparison(field, query.lowerIncluded ? '>=' : '>', lower);
      const below = comparison(field, query.upperIncluded ? '<=' : '<', upper);
      return (object) => above(object) && below(object);
    }
  }
}

function existence(place: Place): Matcher {
  switch (place.type) {
    case 'member':
      return (object) => memberAt(object, place.path) !== undefined;
    case 'tags':
      return (object) => object['tags'] !== undefined;
    case 'tag':
      return (object) => tagsOf(object).some((tag) => tag === place.key || tag.startsWith(`${place.key}:`));
  }
}

function equality(field: string, value: string): Matcher {
  const place = placeOf(field);
  switch (place.type) {
    case 'member':
      return (object) => {
        const member = memberAt(object, place.path);
        return member !== undefined && textForm(member) === value;
      };
    case 'tags':
      return (object) => tagsOf(object).includes(value);
    case 'tag': {
      const wanted = `${place.key}:${value}`;
      return (object) => tagsOf(object).includes(wanted);
    }
  }
}

const SPECIAL = /[\\^$.*+?()[\]{}|/#&\-~\s]/g;

function regexSource(pattern: readonly Piece[]): string {
  return pattern
    .map((piece) => {
      if ('text' in piece) return piece.text.replace(SPECIAL, (special) => `\\${special}`);
      return piece.wildcard === '*' ? '.*' : '.';
    })
    .join('');
}

function wholeText(pattern: readonly Piece[]): VrlRegex {
  return compileRegex(`(?s)^${regexSource(pattern)}$`);
}

/** A word in one of the default fields. */
function wordSearch(pattern: readonly Piece[]): Matcher {
  const regex = compileRegex(`(?s)\\b${regexSource(pattern)}\\b`);
  const paths = DEFAULT_FIELDS.map((field) => field.split('.'));
  return (object) =>
    paths.some((path) => {
      const member = memberAt(object, path);
      return (typeof member === 'string' || member instanceof VrlBytes) && regex.test(textOf(member));
    });
}

function patternSearch(field: string, pattern: readonly Piece[]): Matcher {
  const place = placeOf(field);
  switch (place.type) {
    case 'member': {
      const regex = wholeText(pattern);
      return (object) => {
        const member = memberAt(object, place.path);
        return member !== undefined && regex.test(textForm(member));
      };
    }
    case 'tags': {
      const regex = wholeText(pattern);
      return (object) => tagsOf(object).some((tag) => regex.test(tag));
    }
    case 'tag': {
      const regex = wholeText([{ text: `${place.key}:` }, ...pattern]);
      return (object) => tagsOf(object).some((tag) => regex.test(tag));
    }
  }
}

function holds(comparator: Comparator, order: number): boolean {
  switch (comparator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** Numbers compare with numbers by value; everything else compares as text. */
function comparison(field: string, comparator: Comparator, bound: Bound): Matcher {
  if (bound === null) return existence(placeOf(field));
  const place = placeOf(field);
  const text = String(bound);
  switch (place.type) {
    case 'member':
      return (object) => {
        const member = memberAt(object, place.path);
        if (member === undefined) return false;
        const number = numberOf(member);
        const order =
          typeof bound === 'number' && number !== undefined ? number - bound : compareText(textForm(member), text);
        return holds(comparator, order);
      };
    case 'tags':
      return (object) => tagsOf(object).some((tag) => holds(comparator, compareText(tag, text)));
    case 'tag': {
      const prefix = `${place.key}:`;
      return (object) =>
        tagsOf(object).some(
          (tag) => tag.startsWith(prefix) && holds(comparator, compareText(tag.slice(prefix.length), text)),
        );
    }
  }
}

function numberOf(value: VrlValue): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  return value instanceof VrlFloat ? value.value : undefined;
}
