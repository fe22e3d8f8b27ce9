import { describe, expect, test } from '@jest/globals';
import { ExprCompileError, ExprRuntimeError, ExprSyntaxError } from './errors';
import { compileTemplate } from './template';

const input = {
  timestamp: new Date('2024-02-29T13:04:05.678Z'),
  log: { level: 'warn', host: 'a', 'http.status': '500' },
  deliveryId: 'q.1.0',
};

describe('compileTemplate', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['expr:log.level', 'expr:log.level'],
    [' @expr:log.level', ' @expr:log.level'],
    ['@expr:"fixed"', 'fixed'],
    ['@expr:log.level', 'warn'],
    ['@expr:log.missing', ''],
    ['@expr:log["http.status"]', '500'],
    ['@expr:log[log.host + "x"]', ''],
    ['@expr:upper(log.level) + "!"', 'WARN!'],
    ['@expr:log.level == "warn" ? "warning" : "info"', 'warning'],
    ['@expr:get(log, "missing") ?? "none"', 'none'],
    ['@expr:"missing" in log ? "yes" : "no"', 'no'],
    ['@expr:string(len(log))', '3'],
    ['@expr:join(sort(keys(log)), ",")', 'host,http.status,level'],
    ['@expr:timestamp.Format("2006-01-02T15:04:05.999Z07:00")', '2024-02-29T13:04:05.678Z'],
    ['@expr:string(timestamp.Unix())', '1709211845'],
    ['@expr:toJSON(log)', '{\n  "host": "a",\n  "http.status": "500",\n  "level": "warn"\n}'],
    ['@expr:delivery_id + "!"', 'q.1.0!'],
    ['@expr:string(nope)', '<nil>'],
    ['@expr:nope ?? "default"', 'default'],
    ['@expr:string("log" in $env)', 'true'],
  ])('%j gives %j', (text, expected) => expect(compileTemplate(text).evaluate(input)).toBe(expected));

  test('without a delivery there is no id', () => {
    expect(compileTemplate('@expr:delivery_id').evaluate({ timestamp: 0, log: {} })).toBe('');
  });

  test('a number is milliseconds since 1970', () => {
    expect(compileTemplate('@expr:timestamp.Format("2006")').evaluate({ timestamp: 0, log: {} })).toBe('1970');
  });

  test.each([
    ['plain', true],
    ['@expr:"a" + "b"', true],
    ['@expr:log.level', false],
  ])('%j is constant: %s', (text, expected) => expect(compileTemplate(text).constant).toBe(expected));

  test.each(['@expr:1', '@expr:log', '@expr:nil', '@expr:nope', '@expr:log.a + 1', '@expr:int(log.level)'])(
    '%j fails',
    (text) => {
      expect(() => compileTemplate(text).evaluate(input)).toThrow(ExprRuntimeError);
    },
  );

  test('bad expressions do not compile', () => {
    expect(() => compileTemplate('@expr:')).toThrow(ExprSyntaxError);
    expect(() => compileTemplate('@expr:log.')).toThrow(expect.objectContaining({ offset: 3 }));
    expect(() => compileTemplate('@expr:1 + "a"')).toThrow(ExprCompileError);
    expect(() => compileTemplate('@expr:let log = 1; "a"')).toThrow(ExprCompileError);
  });
});
