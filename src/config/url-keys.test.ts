import { InvalidValue } from './config-key';
import { mountPathKey, originsKey } from './url-keys';

test.each([
  ['https://a.example, http://b:8080', ['https://a.example', 'http://b:8080']],
  [['*'], ['*']],
  ['', []],
])('origins %j', (input, expected) => {
  expect(originsKey('').read(input)).toEqual(expected);
});

test.each(['a.example', 'https://a.example/', 'https://a.example/x', 'null', ['HTTPS://A.example'], [1], 7])(
  '%j is no origin',
  (input) => {
    expect(() => originsKey('').read(input)).toThrow(InvalidValue);
  },
);

test.each([
  ['', ''],
  ['/', ''],
  ['/logs', '/logs'],
  ['/a/b-c/', '/a/b-c'],
])('mount path %j', (input, expected) => {
  expect(mountPathKey('').read(input)).toBe(expected);
});

test.each(['logs', '//', '/a//b', '/a b', '/a?b', '/%2f', 1])('%j is no mount path', (input) => {
  expect(() => mountPathKey('').read(input)).toThrow(InvalidValue);
});
