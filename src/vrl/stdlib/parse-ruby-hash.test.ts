import { error, f, testCalls } from '../testing/run';
import { functions } from './parse-ruby-hash';

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
    ['parse_ruby_hash', [' {} '], {}],
    ['parse_ruby_hash', ['{"a" => []}'], { a: [] }],
    ['parse_ruby_hash', ['{:__proto__ => {:x => 1}}'], { ['__proto__']: { x: f(1) } }],
    ['parse_ruby_hash', ['{"a" => 1} x'], error('could not parse whole line successfully')],
    ['parse_ruby_hash', ['{"a" 1}'], error(/^expected '=>' or ':' at position 5/)],
    ['parse_ruby_hash', ['{"a" => nope}'], error(/^expected a value/)],
    ['parse_ruby_hash', ['{"a'], error(/^expected a closing quote/)],
    ['parse_ruby_hash', ['text'], error("expected '{' at position 0, got 't'")],
    ['parse_ruby_hash', ['{a:'.repeat(1000)], error('nesting limit reached')],
  ]);
});
