import * as fc from 'fast-check';
import { error, f, testCalls, testCodes } from '../testing/run';
import { functions } from './datadog-query';
import { parseQuery } from './datadog-search/parse-query';
import { QuerySyntaxError } from './datadog-search/tree';

const EVENT = {
  message: 'Request to /api failed: time-out (code 42)',
  host: 'web-1',
  service: 'shop',
  status: 'error',
  custom: { title: 'Checkout' },
  http: { status_code: 503, duration: f(0.5), method: 'GET' },
  user: 'Ada Lovelace',
  missing: null,
  'flat.name': 'x',
  tags: ['env:prod', 'region:eu-west', 'canary', 'version:2'],
};

/** Queries that match, and ones that do not. */
const MATCHING = [
  '',
  '*',
  '*:*',
  'failed',
  'Checkout',
  '"to /api"',
  'fail*',
  'c?de',
  'failed code',
  'nothing OR code',
  'failed AND code',
  'failed && code',
  'nothing || code',
  '-nothing',
  'NOT nothing',
  '!nothing',
  'failed -nothing',
  '(nothing OR failed) AND (code OR other)',
  'nothing OR failed AND code',
  'host:web-1',
  'host:web-*',
  'service:(web OR shop)',
  'status:"error"',
  '@http.status_code:503',
  '@http.status_code:50?',
  '@http.status_code:>500',
  '@http.status_code:[500 TO 599]',
  '@http.status_code:{502 TO *}',
  '@http.duration:<=0.5',
  '@http.method:>F',
  '@user:"Ada Lovelace"',
  '@user:Ada\\ Lovelace',
  '@user:Ada*',
  '@flat.name:x',
  '@user:*',
  '_exists_:@user',
  '_missing_:@nobody',
  'env:prod',
  'env:pr*d',
  'env:*',
  'region:["eu-a" TO "eu-z"]',
  'version:>=2',
  'tags:canary',
  'tags:can*',
  '_exists_:canary',
];
const NOT_MATCHING = [
  '-*',
  'NOT *:*',
  'fail',
  'nothing',
  'FAILED',
  'failed nothing',
  '-failed',
  'host:web',
  'service:(web AND shop)',
  '@http.status_code:[200 TO 299]',
  '@http.status_code:{500 TO 503}',
  '@http.status_code:<503',
  '@user:Ada',
  '_exists_:@nobody',
  '_missing_:@user',
  'env:staging',
  'env:prod*x',
  'prod:env',
  'tags:env',
  'shop',
];

describe('match_datadog_query', () => {
  testCalls(functions, [
    ...MATCHING.map((query) => ['match_datadog_query', [EVENT, query], true] as const),
    ...NOT_MATCHING.map((query) => ['match_datadog_query', [EVENT, query], false] as const),
    ['match_datadog_query', [{ tags: 'env:prod' }, 'env:prod'], false],
    ['match_datadog_query', [{ message: 5 }, '5'], false],
    ['match_datadog_query', [{}, '@constructor:*'], false],
  ]);
  testCodes([
    ['match_datadog_query({}, "a:b")', []],
    ['match_datadog_query({}, "(a")', [610]],
    ['match_datadog_query({}, to_string(now()))', [610]],
  ]);
});

describe('queries that are none', () => {
  testCalls(functions, [
    ['match_datadog_query', [{}, '(a'], error('invalid search query: unexpected end of query at 2')],
    ['match_datadog_query', [{}, 'a)'], error('invalid search query: unexpected ")" at 1')],
    ['match_datadog_query', [{}, 'a OR'], error('invalid search query: unexpected end of query at 4')],
    ['match_datadog_query', [{}, 'a:'], error('invalid search query: unexpected end of query at 2')],
    ['match_datadog_query', [{}, '"a'], error('invalid search query: unterminated phrase at 0')],
    ['match_datadog_query', [{}, '@a:[1 TO 2'], error(/^invalid search query: unexpected end of query/)],
    ['match_datadog_query', [{}, '@a:[1 2]'], error(/^invalid search query: unexpected "2"/)],
    ['match_datadog_query', [{}, '('.repeat(10_000)], error(/nested too deeply/)],
  ]);
});

test('any text is read or refused', () => {
  const part = fc.constantFrom(
    'a',
    ':',
    '"',
    '(',
    ')',
    '[',
    ']',
    '*',
    '-',
    ' ',
    ' OR ',
    ' AND ',
    'NOT ',
    '>',
    '\\',
    ' TO ',
    '{',
    '@x',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      try {
        parseQuery(parts.join(''));
      } catch (failure) {
        expect(failure).toBeInstanceOf(QuerySyntaxError);
      }
    }),
    { numRuns: 1000 },
  );
});
