import fc from 'fast-check';
import { compileRegex } from '../regex';
import { anyCharacter } from '../testing/any-character';
import { callFunction } from '../testing/run';
import { STANDARD_LIBRARY } from './registry';

/** Further arguments of the functions that need some. */
const ARGUMENTS = new Map<string, readonly unknown[][]>([
  ['parse_apache_log', [['common'], ['combined'], ['error']]],
  ['parse_nginx_log', [['combined'], ['error'], ['ingress_upstreaminfo'], ['main']]],
  [
    'parse_bytes',
    [
      ['MiB', '2'],
      ['MB', '10'],
    ],
  ],
  ['parse_duration', [['s']]],
  ['parse_grok', [['%{COMBINEDAPACHELOG}'], ['%{DATA:a} %{QUOTEDSTRING:b}%{GREEDYDATA:c}']]],
  ['parse_groks', [[['%{data:a} %{integer:b}', '%{data::keyvalue}']], [['%{data::json}']], [['%{data:x:array}']]]],
  ['parse_regex', [[compileRegex('(?P<a>\\w+)\\s(?P<b>.*)')]]],
  ['parse_regex_all', [[compileRegex('(?P<a>\\w*)')]]],
  ['parse_timestamp', [['%+'], ['%d/%b/%Y:%T %z'], ['%c']]],
  ['parse_json', [[], [1]]],
  ['parse_user_agent', [['fast'], ['enriched']]],
  ['parse_xml', [[], [false]]],
  ['parse_cef', [[true, false]]],
]);

/** Functions that need files. */
const NEED_FILES = new Set(['parse_proto']);

const names = [...STANDARD_LIBRARY.keys()].filter((name) => name.startsWith('parse_') && !NEED_FILES.has(name));

/** Pieces that the formats are made of, so that texts get far into the parsers. */
const PIECES = [
  ...'{}[]()<>"\'\\/|:;,.=-+*&?%#@!~^$ \t\n\r0159aZé😀',
  '2020-01-01T00:00:00Z',
  '10/Oct/2000:13:55:36 -0700',
  'Oct 11 22:14:15',
  '127.0.0.1',
  '<34>1 ',
  'CEF:0|a|b|c|d|e|1|',
  'GET /x HTTP/1.1',
  'a="b c"',
  'null',
  'true',
  '=>',
  '<a b="c">',
  '</a>',
  '&amp;',
  '__proto__',
  'constructor',
  '1.5e3',
  'I20210131 14:48:54.411655 15520 main.c++:9] ',
  'm,t=1 f=2i 3',
];

test.each(names)('%s takes any text', (name) => {
  const definition = STANDARD_LIBRARY.get(name)!;
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: anyCharacter, maxLength: 40 })), (value) => {
      // A failure is an answer, any other exception is not.
      for (const more of ARGUMENTS.get(name) ?? [[]]) callFunction(definition, [value, ...more]);
    }),
    { numRuns: 60 },
  );
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test.each(names)('%s ends soon on long texts', (name) => {
  const definition = STANDARD_LIBRARY.get(name)!;
  for (const unit of ['a ', '"', '[', '{"a":', '- ', ' ', '<a>', '1.', 'a=', '\\"', 'http://a/', '%41', 'é']) {
    const text = unit.repeat(10_000 / unit.length);
    for (const more of ARGUMENTS.get(name) ?? [[]]) callFunction(definition, [text, ...more]);
  }
});
