import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callFunction, error, f, testCalls } from '../testing/run';
import { DateFormat } from './datadog-grok/date-format';
import { functions } from './parse-groks';

const groks = (text: string, pattern: string | string[], aliases?: object) =>
  ['parse_groks', [text, [pattern].flat(), aliases]] as const;

describe('parse_groks', () => {
  testCalls(functions, [
    [
      ...groks(
        '127.0.0.1 frank 200 12.5 "GET /x"',
        '%{ipv4:network.client.ip} %{notSpace:user.name} %{integer:http.status} %{number:time} "%{word:http.method} %{notSpace:http.url}"',
      ),
      {
        network: { client: { ip: '127.0.0.1' } },
        user: { name: 'frank' },
        http: { status: 200, method: 'GET', url: '/x' },
        time: f(12.5),
      },
    ],
    [...groks('b', ['%{integer:i}', '%{word:w}']), { w: 'b' }],
    // The patterns of parse_grok are there as well; what they name inside is no field.
    [
      ...groks('2020-10-02T23:22:12Z warn no disk', ['%{_start} %{POSINT:status}', '%{_start} %{GREEDYDATA:m}'], {
        _start: '%{TIMESTAMP_ISO8601:t} %{LOGLEVEL:level}',
      }),
      { t: '2020-10-02T23:22:12Z', level: 'warn', m: 'no disk' },
    ],
    [
      ...groks('h - u [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 1 x', '%{COMMONAPACHELOG} %{word:x}'),
      { x: 'x' },
    ],
    [...groks('12.0', '%{number:n}'), { n: 12 }],
    [...groks('1e3', '%{numberExt:n}'), { n: 1000 }],
    [...groks('TRUE', '%{boolean:b}'), { b: true }],
    [...groks('off', '%{boolean("on","off"):b}'), { b: false }],
    [...groks('a1-b2', '%{regex("[a-z]\\\\d"):x}-%{regex("[a-z]\\\\d"):y}'), { x: 'a1', y: 'b2' }],
    [...groks('a b', '%{word:x} %{word:x}'), { x: ['a', 'b'] }],
    [...groks('-', '%{notSpace:x:nullIf("-")}'), {}],
    [...groks('5', '%{integer:x:scale(10)}'), { x: 50 }],
    [...groks('aB', '%{word:x:uppercase}'), { x: 'AB' }],
    [...groks('aB', '%{word:@x-y:lowercase}'), { '@x-y': 'ab' }],
    [...groks('{"a": {"b.c": 1.5}}', '%{data::json}'), { a: { b: { c: f(1.5) } } }],
    [...groks('{"a": 1}', '%{data:nested:json}'), { nested: { a: 1 } }],
    [...groks('not json', '%{data:x:json}'), {}],
    [...groks('?a=1&a=2', '%{data:q:querystring}'), { q: { a: ['1', '2'] } }],
    [...groks('{:a => "b"}', '%{data:r:rubyhash}'), { r: { a: 'b' } }],
    [...groks('[1,2]', '%{data:x:array}'), { x: ['1', '2'] }],
    [...groks('[1,2]', '%{data:x:array(integer)}'), { x: [1, 2] }],
    [...groks('{a;"b;c"}', '%{data:x:array("{}",";")}'), { x: ['a', 'b;c'] }],
    [...groks('a|b', '%{data:x:array("","|")}'), { x: ['a', 'b'] }],
    [...groks('a b', '%{data:x:array("[]"," ")}'), {}],
    [
      ...groks('k1=v1 k2="v 2",k3=3;k4=1.5 k5=true k6= a.b=c junk', '%{data::keyvalue}'),
      { k1: 'v1', k2: 'v 2', k3: 3, k4: f(1.5), k5: true, a: { b: 'c' } },
    ],
    [...groks('url=https://x|n=1', '%{data::keyvalue("=","/:","","|")}'), { url: 'https://x', n: 1 }],
    [...groks('06/Feb/2009:12:14:14.655', '%{date("dd/MMM/yyyy:HH:mm:ss.SSS"):date}'), { date: 1233922454655 }],
    [...groks('2016-09-06 12', '%{date("yyyy-MM-dd HH", "Europe/Paris"):date}'), { date: 1473156000000 }],
    [...groks('x y', '%{_pair}', { _pair: '%{word:a} %{_b}', _b: '%{word:b}' }), { a: 'x', b: 'y' }],
    [...groks('x y', '%{_pair:whole:uppercase}', { _pair: '%{word:a} %{word}' }), { whole: 'X Y', a: 'x' }],
    [...groks('a\nb', '%{data:x}'), { x: 'a\nb' }],
    [...groks('a\nb', '(?-m)%{data:x}'), error('unable to parse grok: value does not match any rule')],
    [...groks('ab', '%{regex("a"):x}'), error('unable to parse grok: value does not match any rule')],
    [...groks('x', '%{nope:x}'), error(/name "nope" could not be found/)],
    [...groks('x', '%{word:x:nope}'), error("unknown filter 'nope'")],
    [...groks('x', '%{word:x:scale("a")}'), error("invalid arguments for the function 'scale'")],
    [...groks('x', '%{word'), error(/^failed to parse grok expression/)],
    [...groks('x', '%{a}', { a: '%{b}', b: '%{a}' }), error("Circular dependency found while resolving alias 'a'")],
    [...groks('x', '%{data:__proto__.polluted}'), { ['__proto__']: { polluted: 'x' } }],
  ]);

  test('takes aliases from files', () => {
    const folder = mkdtempSync(join(tmpdir(), 'groks-'));
    try {
      const file = join(folder, 'aliases.json');
      writeFileSync(file, '{"_num": "%{integer:n}"}');
      expect(callFunction(functions[0]!, ['7', ['%{_num}'], undefined, [file]])).toEqual({ value: { n: 7 } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('dates in Java letters', () => {
  test.each<[string, string, string | undefined]>([
    ['HH:mm:ss', '14:20:15', '1970-01-01T14:20:15.000Z'],
    ['hh:mm:ss a', '02:20:15 PM', '1970-01-01T14:20:15.000Z'],
    ['dd/MMM/yyyy HH:mm:ss Z', '14/Nov/2014 14:20:15 +0100', '2014-11-14T13:20:15.000Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSZ", '2016-11-29T16:21:36.431+00:00', '2016-11-29T16:21:36.431Z'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSSSSZ", '2016-11-29T16:21:36.431123Z', '2016-11-29T16:21:36.431Z'],
    ['M/d/yy HH:mm:ss z', '6/18/09 14:20:15 EST', '2009-06-18T19:20:15.000Z'],
    ['EEE MMM dd HH:mm:ss yyyy', 'Thu Jun 16 08:29:03 2016', '2016-06-16T08:29:03.000Z'],
    ['yyyy-MM-dd', '2016-02-30', undefined],
    ['yyyy-MM-dd', 'x', undefined],
  ])('%s of %s', (format, text, expected) => {
    const instant = new DateFormat(format, undefined).read(text);
    expect(instant === undefined ? undefined : new Date(instant).toISOString()).toBe(expected);
  });
});
