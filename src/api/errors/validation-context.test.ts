import { formatPath, validationContext } from './validation-context';

test.each([
  [[], ''],
  [['records', '3', 'level'], 'records[3].level'],
  [['data', 'a.b'], 'data["a.b"]'],
  [['', 'x'], '[""].x'],
  [['0'], '[0]'],
  [['$ref', 'x-y', '1a'], '$ref.x-y["1a"]'],
])('the path %j', (parts, expected) => {
  expect(formatPath(parts)).toBe(expected);
});

test('findings are sorted by the input they are about', () => {
  expect(
    validationContext([
      { path: '/body', message: 'must be object' },
      { path: '/body/a~1b/0', message: 'must be string' },
      { path: '/query/from', message: 'is missing', errorCode: 'required.openapi.validation' },
      { path: '/params/stream', message: 'is too long' },
      { path: '/headers/last-event-id', message: 'is wrong' },
    ]),
  ).toEqual({
    body: ['must be object', '["a/b"][0] must be string'],
    'query:from': ['is required'],
    'path:stream': ['is too long'],
    'header:last-event-id': ['is wrong'],
  });
});
