import { formatRecord } from './record-format';

const TIME = '2024-05-01T12:00:00Z';

describe('formatRecord', () => {
  it.each<[string, Record<string, string>, string]>([
    ['sorts the fields', { b: '2', a: '1' }, `@timestamp=${TIME} a=1 b=2`],
    [
      'quotes what needs it',
      { a: 'x y', b: '', c: 'q"q', d: 'k=v' },
      `@timestamp=${TIME} a="x y" b="" c="q\\"q" d="k=v"`,
    ],
    ['escapes control characters', { a: '\u001b[2J\n\u009b' }, `@timestamp=${TIME} a="\\u001b[2J\\n\\u009b"`],
    ['makes odd names harmless', { 'a b="': '1', '': '2', '\u001b': '3' }, `@timestamp=${TIME} _=2 _=3 a_b__=1`],
    ['keeps other scripts', { a: 'grüße' }, `@timestamp=${TIME} a=grüße`],
    ['has no fields', {}, `@timestamp=${TIME}`],
  ])('logfmt %s', (_case, fields, expected) => {
    expect(formatRecord({ timestamp: TIME, fields }, 'logfmt')).toBe(expected);
  });

  it('json is one line that parses back', () => {
    const fields = { a: 'x\n\u001b\u007f\u009b', b: '"' };
    const line = formatRecord({ timestamp: TIME, fields }, 'json');
    expect(line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    expect(JSON.parse(line)).toEqual({ timestamp: TIME, fields });
  });

  it.each<[string, Record<string, string>, string]>([
    ['RFC 5424', { hostname: 'web-1', app_name: 'nginx', message: 'hello' }, `${TIME} web-1 nginx: hello`],
    ['RFC 3164', { hostname: 'web-1', tag: 'cron', content: 'hello' }, `${TIME} web-1 cron: hello`],
    ['plain text', { content: 'hello' }, `${TIME} hello`],
    ['no message', { level: 'info', a: 'b c' }, `${TIME} a="b c" level=info`],
    ['terminal controls', { message: 'a\u001b[2Jb\r\nc\td' }, `${TIME} a\\x1b[2Jb\\r\\nc\\td`],
    ['a field called like an inherited one', { constructor: 'x' }, `${TIME} constructor=x`],
  ])('text: %s', (_case, fields, expected) => {
    expect(formatRecord({ timestamp: TIME, fields }, 'text')).toBe(expected);
  });
});
