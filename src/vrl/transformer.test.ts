import { VrlAbort, VrlCompileError, VrlRuntimeError } from './errors';
import { compileTransformer } from './transformer';

describe('what a script leaves becomes records', () => {
  test.each<[string, Record<string, string>[]]>([
    ['', [{ a: '1', b: 'x' }]],
    ['.c = 5; .d = 1.5; .e = true; .f = null', [{ a: '1', b: 'x', c: '5', d: '1.5', e: 'true', f: '' }]],
    ['. = { "n": { "x": [1, { "y": "z" }], "empty": {}, "none": [] } }', [{ 'n.x.0': '1', 'n.x.1.y': 'z' }]],
    [
      '. = [{ "a": "1" }, "text", ["p", "q"], 5]',
      [{ a: '1' }, { value: 'text' }, { '0': 'p', '1': 'q' }, { value: '5' }],
    ],
    ['. = []', []],
    ['. = "text"', [{ value: 'text' }]],
    ['. = null', [{ value: '' }]],
    [
      '. = { "t": t\'2000-01-01T00:00:00.5Z\', "r": r\'a+\', "f": 1000000.0 }',
      [{ t: '2000-01-01T00:00:00.500Z', r: 'a+', f: '1e+06' }],
    ],
    ['del(.a)\n"the last value does not count"', [{ b: 'x' }]],
    ['."__proto__" = "p"', [JSON.parse('{ "a": "1", "b": "x", "__proto__": "p" }') as Record<string, string>]],
  ])('%s', (script, records) => {
    const result = compileTransformer(script).run({ a: '1', b: 'x' });
    expect(result.map((record) => Object.entries(record).sort())).toEqual(
      records.map((record) => Object.entries(record).sort()),
    );
  });
});

test('the record that went in stays as it was', () => {
  const fields = { a: '1' };
  compileTransformer('.a = "2"; .b = "3"').run(fields);
  expect(fields).toEqual({ a: '1' });
});

test('failures have their own classes', () => {
  expect(() => compileTransformer('.a = int!(.a)').run({ a: 'x' })).toThrow(VrlRuntimeError);
  expect(() => compileTransformer('abort').run({ a: 'x' })).toThrow(VrlAbort);
  expect(() => compileTransformer('.a =')).toThrow(VrlCompileError);
});

test('lone surrogates of foreign texts are replaced', () => {
  expect(compileTransformer('').run({ a: '\ud800' })[0]).toMatchObject({ a: '\ufffd' });
});

test.each(['get_env_var("PATH")', 'get_hostname()'])('%s works only where the service allows it', (call) => {
  const script = `.found = ${call} ?? "denied"`;
  expect(compileTransformer(script).run({})).toEqual([{ found: 'denied' }]);
  expect(compileTransformer(script, { hostFunctions: true }).run({})[0]?.['found']).not.toBe('denied');
});
