import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codesOf, error, testCalls } from '../testing/run';
import { functions } from './json-schema';
import { compileSchema } from './schema/compile-schema';
import { FORMATS } from './schema/formats';

const folder = mkdtempSync(join(tmpdir(), 'vrl-schema-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, schema: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof schema === 'string' ? schema : JSON.stringify(schema));
  return path;
}

const user = file('user.json', {
  type: 'object',
  properties: { mail: { type: 'string', format: 'email' }, age: { type: 'integer', minimum: 0 } },
  required: ['mail'],
});
const strange = file('strange.json', { type: 'string', format: 'klingon' });
const broken = file('broken.json', '{');
const wrong = file('wrong.json', { type: 'klingon' });

describe('validate_json_schema', () => {
  testCalls(functions, [
    ['validate_json_schema', ['{"mail": "a@example.com", "age": 3}', user], true],
    [
      'validate_json_schema',
      ['{"mail": "nobody"}', user],
      error(/^JSON schema validation failed: .*email.* at \/mail$/),
    ],
    ['validate_json_schema', ['{"age": -1}', user], error(/^JSON schema validation failed: .* at \/, .* at \/age$/)],
    ['validate_json_schema', ['{', user], error(/^Invalid JSON: /)],
    ['validate_json_schema', ['"x"', strange, true], true],
    ['validate_json_schema', ['"x"', strange], error(/^Failed to compile schema: unknown format "klingon"/)],
    ['validate_json_schema', ['1', join(folder, 'missing')], error(/^Failed to open schema definition file/)],
    ['validate_json_schema', ['1', broken], error(/^Failed to parse schema definition file/)],
    ['validate_json_schema', ['1', wrong], error(/^Failed to compile schema/)],
  ]);
  test('a bad schema is found when the program is compiled', () => {
    expect(codesOf(`validate_json_schema!("1", s'${broken}')`)).toEqual([610]);
    expect(codesOf(`validate_json_schema!("1", s'${user}')`)).toEqual([]);
  });
});

test.each([
  ['http://json-schema.org/draft-04/schema#', { items: [{ type: 'integer' }] }, [1], ['a']],
  ['http://json-schema.org/draft-07/schema#', { if: { const: 1 }, then: false }, 2, 1],
  ['https://json-schema.org/draft/2019-09/schema', { dependentRequired: { a: ['b'] } }, { b: 1 }, { a: 1 }],
  ['https://json-schema.org/draft/2020-12/schema', { prefixItems: [{ type: 'integer' }] }, [1], ['a']],
])('schemas of %s', ($schema, rules, good, bad) => {
  const validate = compileSchema({ $schema, ...rules }, false);
  expect(validate(good)).toBeUndefined();
  expect(validate(bad)).toBeDefined();
});

test.each([
  ['date-time', '2020-01-01T00:00:00Z', '2020-01-01'],
  ['date', '2020-02-29', '2021-02-29'],
  ['time', '12:00:00Z', '25:00:00Z'],
  ['duration', 'P1DT2H', 'P'],
  ['email', 'a.b@c.de', 'a..b@c.de'],
  ['hostname', 'a-b.c', '-a.b'],
  ['ipv4', '1.2.3.4', '1.2.3'],
  ['ipv6', '::1', '1.2.3.4'],
  ['uri', 'http://a/b?c#d', '/a b'],
  ['uri-reference', '/a', '\\a'],
  ['uri-template', '/a/{b}', '/a/{b'],
  ['uuid', '2eb8aa08-aa98-11ea-b4aa-73b441d16380', '2eb8aa08'],
  ['json-pointer', '/a~1b', 'a'],
  ['regex', '(?P<a>x)', '('],
])('format %s: %s but not %s', (name, good, bad) => {
  expect(FORMATS.get(name)!(good)).toBe(true);
  expect(FORMATS.get(name)!(bad)).toBe(false);
});
