import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

describe('files that scripts name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vrl-files-'));
  const fileDirectory = join(folder, 'allowed');
  mkdirSync(join(fileDirectory, 'deeper'), { recursive: true });
  writeFileSync(join(fileDirectory, 'list.dat'), 'example\n');
  writeFileSync(join(fileDirectory, 'deeper/list.dat'), 'example\n');
  writeFileSync(join(folder, 'secret.dat'), 'example\n');
  symlinkSync(join(folder, 'secret.dat'), join(fileDirectory, 'link.dat'));
  symlinkSync(join(fileDirectory, 'list.dat'), join(fileDirectory, 'inner.dat'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const script = (path: string) => `.found = parse_etld!("a.b.example", psl: "${path}").etld`;

  test.each(['list.dat', 'deeper/list.dat', './deeper/../list.dat', 'inner.dat', join(fileDirectory, 'list.dat')])(
    '%s is read',
    (path) => expect(compileTransformer(script(path), { fileDirectory }).run({})).toEqual([{ found: 'example' }]),
  );
  test.each(['../secret.dat', join(folder, 'secret.dat'), 'link.dat', '/etc/passwd', '../allowed-not/list.dat'])(
    '%s is outside',
    (path) => expect(() => compileTransformer(script(path), { fileDirectory })).toThrow(/outside of the directory/),
  );
  test.each(['none.dat', 'deeper', '.'])('%s cannot be read', (path) =>
    expect(() => compileTransformer(script(path), { fileDirectory })).toThrow(/no such file|no regular file/),
  );
  test('none is read unless the service allows it', () => {
    const calls = [
      script(join(fileDirectory, 'list.dat')),
      '. = parse_groks!("a", ["%{data:a}"], alias_sources: ["list.dat"])',
      '. = parse_proto!("a", "list.dat", "x.Y")',
      '.a = encode_proto!(., "list.dat", "x.Y")',
      '.a = validate_json_schema!("{}", "list.dat")',
    ];
    for (const call of calls) expect(() => compileTransformer(call)).toThrow(/reading files is not enabled/);
  });
});
