import fc from 'fast-check';
import { UTC } from '../time';
import { isObject } from '../value/kind-of';
import { error, f, run, t, testCalls } from '../testing/run';
import { functions } from './parse-web-log';
import { matchFields } from './web-log/log-fields';
import { COMMON_LOG_TIME, timeReader } from './web-log/log-time';
import { patternsOf } from './web-log/patterns';
import { scanApacheLine } from './web-log/scan-apache';
import { scanNginxLine } from './web-log/scan-nginx';

const COMMON = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326';
const COMMON_FIELDS = {
  host: '127.0.0.1',
  user: 'frank',
  timestamp: t('2000-10-10T20:55:36Z'),
  message: 'GET /apache_pb.gif HTTP/1.0',
  method: 'GET',
  path: '/apache_pb.gif',
  protocol: 'HTTP/1.0',
  status: 200,
  size: 2326,
};
const COMBINED = `${COMMON} "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)"`;

describe('parse_common_log', () => {
  testCalls(functions, [
    ['parse_common_log', [COMMON], COMMON_FIELDS],
    ['parse_common_log', [`  ${COMMON}\n`], COMMON_FIELDS],
    ['parse_common_log', ['- - - [-] - - -'], {}],
    ['parse_common_log', ['h - - [10/Oct/202Z:13:55:36 +0000] "a" 1 1'], error(/input contains invalid characters$/)],
    ['parse_common_log', ['h - - [10/Oct/20/0:13:55:36 +0000] "a" 1 1'], error(/input contains invalid characters$/)],
    ['parse_common_log', ['h - - [10/Oct/13:55:36 +0000] "a" 1 1'], error(/input is out of range$/)],
    ['parse_common_log', ['- - - [] - - -'], error(/premature end of input$/)],
    [
      'parse_common_log',
      ['::1 x y [10/Oct/2000:13:55:36 +0000] "-" - -'],
      {
        host: '::1',
        identity: 'x',
        user: 'y',
        timestamp: t('2000-10-10T13:55:36Z'),
      },
    ],
    ['parse_common_log', ['h - - [2000-10-10] "quit" 400 0', '%F'], error(/^failed parsing timestamp 2000-10-10/)],
    [
      'parse_common_log',
      ['h - - [10/Oct/2000:13:55:36 +0000] "quit" 400 0'],
      {
        host: 'h',
        timestamp: t('2000-10-10T13:55:36Z'),
        message: 'quit',
        status: 400,
        size: 0,
      },
    ],
    [
      'parse_common_log',
      ['h - - [10/Oct/2000 13:55:36] "a" 1 1', '%d/%b/%Y %T'],
      {
        host: 'h',
        timestamp: t('2000-10-10T13:55:36Z'),
        message: 'a',
        status: 1,
        size: 1,
      },
    ],
    ['parse_common_log', ['not a log line'], error('failed parsing common log line')],
    [
      'parse_common_log',
      ['h - - [10/Oct/2000:13:55:61 +0000] "a" 1 1'],
      error('failed parsing timestamp 10/Oct/2000:13:55:61 +0000 using format %d/%b/%Y:%T %z: input is out of range'),
    ],
  ]);
});

describe('parse_apache_log', () => {
  testCalls(functions, [
    ['parse_apache_log', [COMMON, 'common'], COMMON_FIELDS],
    [
      'parse_apache_log',
      [COMBINED, 'combined'],
      {
        ...COMMON_FIELDS,
        referrer: 'http://www.example.com/start.html',
        agent: 'Mozilla/4.08 [en] (Win98; I ;Nav)',
      },
    ],
    ['parse_apache_log', [`${COMMON} "-" "-"`, 'combined'], { ...COMMON_FIELDS, referrer: '-' }],
    ['parse_apache_log', [COMMON, 'combined'], error('failed parsing combined log line')],
    [
      'parse_apache_log',
      [
        '[01/Mar/2021:12:00:19 +0000] [ab:alert] [pid 4803:tid 3814] [client 147.159.108.175:24259] I will bypass',
        'error',
      ],
      {
        timestamp: t('2021-03-01T12:00:19Z'),
        module: 'ab',
        severity: 'alert',
        pid: 4803,
        thread: '3814',
        client: '147.159.108.175',
        port: 24259,
        message: 'I will bypass',
      },
    ],
    [
      'parse_apache_log',
      ['[01/Mar/2021:12:00:19 +0000] [proxy:error] [pid 23964] (113)No route: AH00957: HTTP: failed', 'error'],
      {
        timestamp: t('2021-03-01T12:00:19Z'),
        module: 'proxy',
        severity: 'error',
        pid: 23964,
        message1: '(113)No route: AH00957: ',
        message2: 'HTTP: failed',
      },
    ],
  ]);
});

describe('parse_nginx_log', () => {
  testCalls(functions, [
    [
      'parse_nginx_log',
      [
        '172.17.0.1 - alice [01/Apr/2021:12:02:31 +0000] "POST /not-found HTTP/1.1" 404 153 "http://x/y" "Mozilla/5.0 [x] (X)" "2.75"',
        'combined',
      ],
      {
        client: '172.17.0.1',
        user: 'alice',
        timestamp: t('2021-04-01T12:02:31Z'),
        request: 'POST /not-found HTTP/1.1',
        status: 404,
        size: 153,
        referer: 'http://x/y',
        agent: 'Mozilla/5.0 [x] (X)',
        compression: '2.75',
      },
    ],
    [
      'parse_nginx_log',
      ['0.0.0.0 - - [23/Apr/2021:14:59:24 +0000] "GET /my-path HTTP/1.1" 200 123 "-" "curl"', 'combined'],
      {
        client: '0.0.0.0',
        timestamp: t('2021-04-23T14:59:24Z'),
        request: 'GET /my-path HTTP/1.1',
        status: 200,
        size: 123,
        referer: '-',
        agent: 'curl',
      },
    ],
    [
      'parse_nginx_log',
      [
        '2021/04/01 13:02:31 [error] 31#31: *1 open() "/x" failed (2: No such file), client: 172.17.0.1, server: localhost, request: "POST /x HTTP/1.1", host: "localhost:8081"',
        'error',
      ],
      {
        timestamp: t('2021-04-01T13:02:31Z'),
        severity: 'error',
        pid: 31,
        tid: 31,
        cid: 1,
        message: 'open() "/x" failed (2: No such file)',
        client: '172.17.0.1',
        server: 'localhost',
        request: 'POST /x HTTP/1.1',
        host: 'localhost:8081',
      },
    ],
    [
      'parse_nginx_log',
      [
        '2022/05/30 20:56:22 [error] 7164#7164: *38068741 limiting requests, excess: 50.416 by zone "api_access_token", client: 10.244.0.0, server: test, request: "GET / HTTP/2.0", host: "h", referrer: "http://a/"',
        'error',
      ],
      {
        timestamp: t('2022-05-30T20:56:22Z'),
        severity: 'error',
        pid: 7164,
        tid: 7164,
        cid: 38068741,
        message: 'limiting requests',
        excess: f(50.416),
        zone: 'api_access_token',
        client: '10.244.0.0',
        server: 'test',
        request: 'GET / HTTP/2.0',
        host: 'h',
        referer: 'http://a/',
      },
    ],
    [
      'parse_nginx_log',
      [
        '0.0.0.0 - bob [18/Mar/2023:15:00:00 +0000] "GET /some/path HTTP/2.0" 200 12312 "https://x/" "Mozilla" 462 0.050 [some-upstream-service-9000] [some-other] 10.0.50.80:9000 19437 0.049 200 752178adb17130b291aefd8c386279e7',
        'ingress_upstreaminfo',
      ],
      {
        remote_addr: '0.0.0.0',
        remote_user: 'bob',
        timestamp: t('2023-03-18T15:00:00Z'),
        request: 'GET /some/path HTTP/2.0',
        status: 200,
        body_bytes_size: 12312,
        http_referer: 'https://x/',
        http_user_agent: 'Mozilla',
        request_length: 462,
        request_time: f(0.05),
        proxy_upstream_name: 'some-upstream-service-9000',
        proxy_alternative_upstream_name: 'some-other',
        upstream_addr: '10.0.50.80:9000',
        upstream_response_length: 19437,
        upstream_response_time: f(0.049),
        upstream_status: 200,
        req_id: '752178adb17130b291aefd8c386279e7',
      },
    ],
    [
      'parse_nginx_log',
      [
        '172.24.0.3 - - [31/Dec/2024:17:32:06 +0000] "GET / HTTP/1.1" 200 615 "-" "curl/8.11.1" "1.2.3.4, 10.10.1.1"',
        'main',
      ],
      {
        remote_addr: '172.24.0.3',
        timestamp: t('2024-12-31T17:32:06Z'),
        request: 'GET / HTTP/1.1',
        status: 200,
        body_bytes_size: 615,
        http_user_agent: 'curl/8.11.1',
        http_x_forwarded_for: '1.2.3.4, 10.10.1.1',
      },
    ],
    ['parse_nginx_log', ['x', 'main'], error('failed parsing log line')],
  ]);
});

describe('the scanners agree with the patterns', () => {
  const readTime = timeReader(COMMON_LOG_TIME, UTC);
  const odd = fc.constantFrom(
    '',
    '-',
    ' ',
    '  ',
    '"',
    '" ',
    ' "',
    '] "',
    '[',
    ']',
    '\t',
    '\u0085',
    '\n',
    'x',
    '-x',
    '1',
    'é',
    '\\"',
    'a b c',
  );
  const pieces = (usual: readonly string[]) =>
    fc.tuple(
      ...usual.map((piece) => fc.oneof({ weight: 12, arbitrary: fc.constant(piece) }, { weight: 1, arbitrary: odd })),
    );
  const lines = (usual: string) => pieces(usual.split(/(?=[ "[\]])|(?<=[ "[\]])/)).map((parts) => parts.join(''));
  const outcome = (read: () => unknown) => {
    try {
      return { value: read() };
    } catch (failure) {
      return { failure };
    }
  };

  test.each([
    ['apache common', COMMON, (line: string) => scanApacheLine(line, false, readTime)],
    ['apache combined', COMBINED, (line: string) => scanApacheLine(line, true, readTime)],
    [
      'nginx combined',
      '1.2.3.4 - bob [01/Apr/2021:12:02:31 +0000] "POST /x HTTP/1.1" 404 153 "http://l/" "M/5 [x] (X)"',
      (line: string) => scanNginxLine(line, readTime),
    ],
  ] as const)('%s', (format, usual, scan) => {
    let scanned = 0;
    fc.assert(
      fc.property(lines(usual), (line) => {
        const fast = outcome(() => scan(line));
        if ('value' in fast && fast.value === undefined) return;
        scanned++;
        expect(fast).toEqual(outcome(() => matchFields(line, patternsOf(format), readTime)));
      }),
      { numRuns: 3000 },
    );
    expect(scanned).toBeGreaterThan(100);
  });
});

describe('long lines are read like short ones, within the limits of a program', () => {
  const HEAD = '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] ';
  const long = (text: string) => text.repeat(300_000 / text.length);
  const outcome = (call: string, line: string) => run(`x, err = ${call}; if err != null { err } else { x }`, { line });
  const field = (call: string, line: string, name: string) => {
    const result = outcome(call, line);
    return 'value' in result && isObject(result.value) ? result.value[name] : result;
  };
  test.each([
    ['parse_apache_log(.line, "common")', `${HEAD}"GET /${long('a ')} HTTP/1.0" 200 1`, 'path', '/a'],
    ['parse_common_log(.line)', `${HEAD}"${long('"')}" 200 1`, 'message', long('"')],
    ['parse_apache_log(.line, "combined")', `${HEAD}"-" 200 1 "-" "${long('b ')}"`, 'agent', long('b ')],
    ['parse_nginx_log(.line, "combined")', `${HEAD}"GET" 200 1 "r" "${long('b ')}"`, 'agent', long('b ')],
    ['parse_nginx_log(.line, "error")', `2021/04/01 13:02:31 [error] 31#31: *1 ${long('m, ')}client: a`, 'client', 'a'],
  ])('%s (%#)', (call, line, name, expected) => expect(field(call, line, name)).toBe(expected));
  test.each(['a', ' ', '"', '- ', '[a] ', 'é', '\\"', 'a - [ '])('all of %j', (piece) => {
    for (const call of [
      'parse_apache_log(.line, "common")',
      'parse_apache_log(.line, "combined")',
      'parse_apache_log(.line, "error")',
      'parse_nginx_log(.line, "combined")',
      'parse_nginx_log(.line, "error")',
    ]) {
      const short = outcome(call, piece.repeat(20));
      const result = outcome(call, long(piece));
      if ('value' in short && typeof short.value === 'string') expect(result).toMatchObject({ value: short.value });
      else expect(result).toHaveProperty('value');
    }
  });
});
