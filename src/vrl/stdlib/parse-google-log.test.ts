import { callFunction, error, t, testCalls } from '../testing/run';
import { functions } from './parse-google-log';

const year = new Date().getUTCFullYear();

describe('parse_glog', () => {
  testCalls(functions, [
    [
      'parse_glog',
      ['I20210131 14:48:54.411655 15520 main.c++:9] Hello world! '],
      {
        level: 'info',
        timestamp: t('2021-01-31T14:48:54.411655Z'),
        id: 15520,
        file: 'main.c++',
        line: 9,
        message: 'Hello world!',
      },
    ],
    [
      'parse_glog',
      ['E20210131 14:48:54.400000 1 a:b:1] m [x:2] y'],
      { level: 'error', timestamp: t('2021-01-31T14:48:54.4Z'), id: 1, file: 'a:b:1] m [x', line: 2, message: 'y' },
    ],
    [
      'parse_glog',
      ['I20211331 14:48:54.400000 1 a:1] m'],
      error('failed parsing timestamp 20211331 14:48:54.400000: input is out of range'),
    ],
    ['parse_glog', ['I20210131 14:48:54.4 1 a:1] m'], error('failed parsing glog message')],
    ['parse_glog', ['I20210131 14:48:54.400000  1 a:1] m'], error('failed parsing glog message')],
    ['parse_glog', ['X20210131 14:48:54.400000 1 a:1] m'], error('unrecognized log level "X"')],
  ]);
});

describe('parse_klog', () => {
  testCalls(functions, [
    [
      'parse_klog',
      ['I0505 17:59:40.692994   28133 klog.go:70] hello from klog'],
      {
        level: 'info',
        timestamp: t(`${year}-05-05T17:59:40.692994Z`),
        id: 28133,
        file: 'klog.go',
        line: 70,
        message: 'hello from klog',
      },
    ],
    [
      'parse_klog',
      ['I0505 25:59:40.692994 1 a:1] m'],
      error('failed parsing timestamp 0505 25:59:40.692994: input is out of range'),
    ],
    ['parse_klog', ['X0505 17:59:40.692994 1 a:1] m'], error('unrecognized log level "X"')],
    ['parse_klog', ['I0505 17:59:40.692994 1 a:1]'], error('failed parsing klog message')],
    ['parse_klog', ['hello'], error('failed parsing klog message')],
  ]);
});

test('a message may be empty, and keeps its leading blanks', () => {
  const message = (line: string) =>
    (callFunction(functions[1]!, [line]) as { value: { message: unknown } }).value.message;
  expect(message('I0505 17:59:40.692994 1 a.go:1] ')).toBe('');
  expect(message('I0505 17:59:40.692994 1 a.go:1]  x ')).toBe(' x');
});
