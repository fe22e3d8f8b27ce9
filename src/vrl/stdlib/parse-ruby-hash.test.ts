import { error, f, testCalls } from '../testing/run';
import { functions } from './parse-ruby-hash';
import { traceText, type Step } from './text/parse-trace';

const trace = (input: string, ...steps: Step[]) => traceText(input, steps);

describe('parse_ruby_hash', () => {
  testCalls(functions, [
    [
      'parse_ruby_hash',
      ['{ "test" => "value", "num" => 0.2, "obj" => { "bool" => true, "null" => nil, "list" => [1, "a"] } }'],
      { test: 'value', num: f(0.2), obj: { bool: true, null: null, list: [f(1), 'a'] } },
    ],
    [
      'parse_ruby_hash',
      ['{:sym => :val, "quoted": \'x\', plain: -1e3, 7 => false}'],
      { sym: 'val', quoted: 'x', plain: f(-1000), 7: false },
    ],
    ['parse_ruby_hash', ['{:"a b"=>"c\\"d"}'], { 'a b': 'c\\"d' }],
    ['parse_ruby_hash', ['{ } '], {}],
    ['parse_ruby_hash', ['{"a" => []}'], { a: [] }],
    ['parse_ruby_hash', ['{:__proto__ => {:x => 1}}'], { ['__proto__']: { x: f(1) } }],
    ['parse_ruby_hash', ['{"a" => 1} x'], error('could not parse whole line successfully')],
    ['parse_ruby_hash', ['{"a" 1}'], error(trace('{"a" 1}', [5, 'Tag'], [5, 'Alt'], [0, 'map']))],
    // What goes wrong in a value ends the list before it.
    ['parse_ruby_hash', ['{a: nope}'], error(trace('{a: nope}', [1, { expected: '}' }], [0, 'map']))],
    ['parse_ruby_hash', ['{a: 1, }'], error(trace('{a: 1, }', [5, { expected: '}' }], [0, 'map']))],
    ['parse_ruby_hash', ['{a: 1e}'], error(trace('{a: 1e}', [4, 'Float'], [0, 'map']))],
    [
      'parse_ruby_hash',
      ['{a: [1, {b 2}]}'],
      error(trace('{a: [1, {b 2}]}', [11, 'Tag'], [11, 'Alt'], [8, 'map'], [4, 'array'], [0, 'map'])),
    ],
    [
      'parse_ruby_hash',
      ["{a: 'é"],
      error(trace("{a: 'é", [6, { expected: "'" }], [4, 'string'], [4, 'bytes'], [0, 'map'])),
    ],
    ['parse_ruby_hash', ['{"a\\'], error(trace('{"a\\', [2, { expected: '"' }], [1, 'string'], [0, 'map']))],
    ['parse_ruby_hash', ['{é: 1}'], error(trace('{é: 1}', [1, { expected: '}' }], [0, 'map']))],
    [
      'parse_ruby_hash',
      [' {}'],
      error("0: at line 1:\n {}\n^\nexpected '{', found  \n\n1: at line 1, in map:\n {}\n^\n\n"),
    ],
    [
      'parse_ruby_hash',
      ['{'],
      error("0: at line 1:\n{\n ^\nexpected '}', got end of input\n\n1: at line 1, in map:\n{\n^\n\n"),
    ],
    ['parse_ruby_hash', [''], error("0: expected '{', got empty input\n\n1: in map, got empty input\n\n")],
    ['parse_ruby_hash', ['{a:'.repeat(1000)], error('nesting limit reached')],
  ]);
});
