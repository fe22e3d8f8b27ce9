/** Padding that a specifier's modifier asks for; undefined for the specifier's own. */
export type Padding = 'none' | 'zero' | 'space' | undefined;

/** One part of a strftime pattern. */
export type PatternItem =
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'space'; readonly text: string }
  /** `name` is the specifier without percent sign and padding, for instance `Y`, `.3f` or `:z`. */
  | { readonly type: 'field'; readonly name: string; readonly padding: Padding };

const FIELDS = new Set(
  `Y C y q m b B h d e a A w u U W G g V j H k I l P p M S f .f .3f .6f .9f 3f 6f 9f Z z :z ::z :::z #z + s`.split(' '),
);

/** Specifiers that stand for others. */
const COMPOSITES = new Map([
  ['D', '%m/%d/%y'],
  ['x', '%m/%d/%y'],
  ['F', '%Y-%m-%d'],
  ['v', '%e-%b-%Y'],
  ['R', '%H:%M'],
  ['T', '%H:%M:%S'],
  ['X', '%H:%M:%S'],
  ['r', '%I:%M:%S %p'],
  ['c', '%a %b %e %H:%M:%S %Y'],
]);

const TEXTS = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['%', '%'],
]);

const PADDINGS = new Map<string, Padding>([
  ['-', 'none'],
  ['0', 'zero'],
  ['_', 'space'],
]);

const SPECIFIER = /%([-_0]?)(\.[369]?f|[369]f|:{1,3}z|#z|.)/suy;

/**
 * Splits a strftime pattern (chrono's specifiers) into its parts; undefined when it has one that does not exist.
 *
 * @example parsePattern('%Y %t')?.length // 4
 */
export function parsePattern(pattern: string): readonly PatternItem[] | undefined {
  const items: PatternItem[] = [];
  let position = 0;
  while (position < pattern.length) {
    if (pattern[position] !== '%') {
      const percent = pattern.indexOf('%', position);
      const end = percent === -1 ? pattern.length : percent;
      pushText(items, pattern.slice(position, end));
      position = end;
      continue;
    }
    SPECIFIER.lastIndex = position;
    const match = SPECIFIER.exec(pattern);
    if (match === null) return undefined;
    position = SPECIFIER.lastIndex;
    const name = match[2] as string;
    const text = TEXTS.get(name);
    const composite = COMPOSITES.get(name);
    if (match[1] !== '' && (text !== undefined || composite !== undefined)) return undefined;
    if (text !== undefined) pushText(items, text);
    else if (composite !== undefined) items.push(...(parsePattern(composite) ?? []));
    else if (FIELDS.has(name)) items.push({ type: 'field', name, padding: PADDINGS.get(match[1] as string) });
    else return undefined;
  }
  return items;
}

function pushText(items: PatternItem[], text: string): void {
  for (const part of text.split(/(\s+)/)) {
    if (part !== '') items.push({ type: /^\s/.test(part) ? 'space' : 'literal', text: part });
  }
}
