import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const ROOT = resolve(__dirname, '../..');

/** What a program prints that uses the built package by its name. */
function outputOf(type: 'commonjs' | 'module', program: string): string {
  const args = [`--input-type=${type}`, '--eval', program];
  return execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' }).trim();
}

describe.each<['commonjs' | 'module', (names: string, entry: string) => string]>([
  ['commonjs', (names, entry) => `const ${names} = require('${entry}');`],
  ['module', (names, entry) => `import ${names} from '${entry}';`],
])('the package as %s', (type, use) => {
  test('logweir/expr', () => {
    const program = `${use('{ compileFilter, compileExpr, parse }', 'logweir/expr')}
      console.log(compileFilter('a == "x"').matches({ a: 'x' }), compileExpr('1 + n').evaluate({ n: 2 }), parse('a').kind);`;
    expect(outputOf(type, program)).toBe('true 3 identifier');
  });

  test('logweir/vrl', () => {
    const program = `${use('{ compile, kindOf, fromJson }', 'logweir/vrl')}
      const { value, event } = compile('.b = int!(.a) + 1').run(fromJson('{"a": 9007199254740993}'));
      console.log(String(value), String(event.b), kindOf(event.b));`;
    expect(outputOf(type, program)).toBe('9007199254740994 9007199254740994 integer');
  });

  test('logweir/syslog', () => {
    const program = `${use('{ parse }', 'logweir/syslog')}
      console.log(parse(Buffer.from('<34>1 2003-10-11T22:14:15.003Z host app - ID47 - hello')).fields.message);`;
    expect(outputOf(type, program)).toBe('hello');
  });
});

test('nothing else of the package can be reached', () => {
  expect(() => outputOf('commonjs', `require('logweir/dist/server.js')`)).toThrow(/ERR_PACKAGE_PATH_NOT_EXPORTED/);
});
