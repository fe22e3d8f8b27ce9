import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { BrowserBundle } from './browser-bundle';

const SOURCES = resolve(__dirname, '../../src');

describe('the filter language in a browser', () => {
  const bundle = new BrowserBundle();
  const expr = bundle.load(resolve(SOURCES, 'expr/index.ts'));

  test('asks for nothing of Node', () => expect(bundle.missing).toEqual([]));

  test.each([
    ['it.compileExpr("1 + 2 * len([1, 2])").evaluate({})', 5],
    ['it.compileExpr("a | map(# * 2) | sum()").evaluate({ a: [1, 2] })', 6],
    ['it.compileFilter(`message matches "(?i)disk"`).matches({ message: "Disk full" })', true],
    [
      'it.compileExpr("string(date(`2024-02-29`).In(timezone(`Asia/Tokyo`)))").evaluate({})',
      '2024-02-29 09:00:00 +0900 JST',
    ],
    ['it.compileExpr("fromBase64(toBase64(`é`))").evaluate({})', 'é'],
  ])('%s', (text, expected) => expect(bundle.run(text, expr)).toBe(expected));
});

describe('the transform language in a browser', () => {
  const bundle = new BrowserBundle();
  const vrl = bundle.load(resolve(SOURCES, 'vrl/index.ts'));
  const result = (program: string): unknown =>
    bundle.run(`JSON.stringify(it.compile(${JSON.stringify(program)}).run({ message: 'a=1 b=2' }).value)`, vrl);

  test('asks for nothing of Node', () => expect(bundle.missing).toEqual([]));

  test.each([
    ['parse_key_value!(.message)', '{"a":"1","b":"2"}'],
    ['sha2("a")', JSON.stringify('455e518824bc0601f9fb858ff5c37d417d67c2f8e0df2babe4808858aea830f8')],
    ['encode_json({"a": [1, true, null]})', JSON.stringify('{"a":[1,true,null]}')],
    ['parse_xml!("<a><b>1</b></a>")', '{"a":{"b":1}}'],
    ['decode_base64!("aMOp")', '"hé"'],
    ['decode_charset!(encode_charset!("é", "latin1"), "latin1")', '"é"'],
    ['parse_etld!("www.example.co.uk").etld', '"co.uk"'],
    ['parse_user_agent("curl/8.0").browser.family', '"HTTP Library"'],
    ['strlen(uuid_v4())', '36'],
    ['match("aaa", r\'^a+$\')', 'true'],
  ])('%s', (program, expected) => expect(result(program)).toBe(expected));

  test.each(['get_env_var!("HOME")', 'get_hostname!()', 'encode_gzip("a")', 'encode_charset!("가", "euc-kr")'])(
    '%s says that it needs Node',
    (program) => {
      expect(() => result(program)).toThrow();
    },
  );
});
