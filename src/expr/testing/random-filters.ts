import fc from 'fast-check';

const field = fc.constantFrom('a', 'b', '$env.c', '$env["d.e"]');
const literal = fc.constantFrom('""', '"x"', '"xy"', '"y"', '"5"', '"é"');
const leaf = fc.oneof(
  fc
    .tuple(
      field,
      fc.constantFrom('==', '!=', '<', '>', '>=', 'contains', 'not contains', 'startsWith', 'endsWith', 'not endsWith'),
      literal,
    )
    .map((parts) => parts.join(' ')),
  fc.tuple(literal, fc.constantFrom('==', '!='), field).map((parts) => parts.join(' ')),
  fc
    .tuple(
      field,
      fc.constantFrom('in', 'not in'),
      fc.array(fc.oneof(literal, fc.constantFrom('5', 'nil')), { maxLength: 3 }),
    )
    .map(([name, operator, items]) => `${name} ${operator} [${items.join(', ')}]`),
  fc
    .tuple(
      field,
      fc.constantFrom('"x"', '"x.*y"', '"^x?y"', '"(xy)+"', '"(?i)X"', '"x|y"', '"^$"', '"[xy]y"', '"y{0}x"'),
    )
    .map(([name, pattern]) => `${name} matches ${pattern}`),
  fc
    .tuple(fc.constantFrom('"a"', '"d.e"'), fc.constantFrom('in', 'not in'))
    .map(([name, operator]) => `${name} ${operator} $env`),
  fc
    .tuple(fc.constantFrom('int', 'float'), field, fc.constantFrom('==', '>', '<=', '!='))
    .map(([convert, name, operator]) => `${convert}(${name}) ${operator} 5`),
  fc
    .tuple(fc.constantFrom('hasPrefix', 'hasSuffix'), field, literal)
    .map(([name, text, part]) => `${name}(${text}, ${part})`),
  fc
    .tuple(field, field, fc.constantFrom('==', '!=', 'contains', '<'))
    .map(([left, right, operator]) => `${left} ${operator} ${right}`),
  fc.tuple(field, fc.constantFrom('== 5', '!= 5', '== nil', '> 5')).map((parts) => parts.join(' ')),
  fc.constantFrom(
    'true',
    'false',
    'any(values($env), # == "x")',
    'len(a) > 1',
    'let q = a; q == "x"',
    '(a ?? "x") == "x"',
    'a == "x" ? true : nil',
    'lower(a) == "x"',
    '((fromJSON(a) ?? int(b)) == 5) and true',
    '(get($env, "a") ?? int(b)) == "x"',
    'date(a, "") < now()',
    'any(a, # == 120)',
    'a[0:1] == "x"',
    '$env[a] == "x"',
    '$env?.c == "x"',
    'first(filter([a, b], # != "")) == "x"',
    'sum([a, b]) == "xy"',
    'a in {"x": 1}',
  ),
);
const { filter } = fc.letrec<{ filter: string }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf.map((source) => `(${source})`),
    fc
      .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter'))
      .map(([left, operator, right]) => `${left} ${operator} ${right}`),
    tie('filter').map((inner) => `not (${inner})`),
  ),
}));
const value = fc.constantFrom('', 'x', 'y', 'xy', 'xxyy', '5', '7', 'é', 'X');
/** Records with some of the fields that the filters read. */
export const anyRecord = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd.e', 'f'), value, { noNullPrototype: false });

/** Filters that compile, of all kinds of leaves; some fail on some records. */
export const anyFilter = filter;
