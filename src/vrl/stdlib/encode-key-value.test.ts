import { error, f, t, testCalls } from '../testing/run';
import { functions } from './encode-key-value';

describe('encode_key_value', () => {
  testCalls(functions, [
    ['encode_key_value', [{ b: 'x y', a: 1 }], 'a=1 b="x y"'],
    ['encode_key_value', [{ a: { b: [1, { c: null }] }, d: {} }], 'a.b.0=1 a.b.1.c=null'],
    ['encode_key_value', [{ a: 1, b: 2, c: 3 }, ['c', 'x', 'b']], 'c=3 b=2 a=1'],
    ['encode_key_value', [{ a: 1, b: 2 }, [], ':', ','], 'a:1,b:2'],
    ['encode_key_value', [{ a: 'x"y', 'k=': '\\' }], 'a="x\\"y" "k="=\\\\'],
    ['encode_key_value', [{ a: 'l\nl' }], 'a="l\\\\nl"'],
    ['encode_key_value', [{ a: true, b: false }], 'a=true b=false'],
    // Of the delimiters only the equals sign and white space are a reason to quote.
    ['encode_key_value', [{ a: 'x:y', b: 'x,y', c: 'x=y' }, [], ':', ','], 'a:x:y,b:x,y,c:"x=y"'],
    ['encode_key_value', [{ a: true, b: false, c: 1 }, [], '=', ' ', true], 'a c=1'],
    ['encode_key_value', [{ a: f(1), t: t('2020-01-01T00:00:00Z') }], 'a=1 t=2020-01-01T00:00:00Z'],
    ['encode_key_value', [{ a: 1 }, [2]], error('invalid field value type at index 0: expected string, got integer')],
    ['encode_logfmt', [{ lvl: 'info', ok: true, no: false, msg: 'This is' }], 'lvl=info msg="This is" ok'],
    ['encode_logfmt', [{}], ''],
  ]);
});
