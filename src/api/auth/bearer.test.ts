import { parseBearer } from './bearer';

test.each([
  ['Bearer jwt_abc', { kind: 'jwt', token: 'abc' }],
  ['Bearer jwt:abc', { kind: 'jwt', token: 'abc' }],
  ['Bearer jwt:jwt_abc', { kind: 'jwt', token: 'abc' }],
  ['bEARER   JWT_abc ', { kind: 'jwt', token: 'abc' }],
  ['Bearer pat_Abc', { kind: 'pat', token: 'pat_Abc' }],
  ['Bearer pat:pat_Abc', { kind: 'pat', token: 'pat_Abc' }],
  ['bearer PAT:PAT_Abc', { kind: 'pat', token: 'pat_Abc' }],
  [undefined, undefined],
  ['', undefined],
  ['Bearer', undefined],
  ['Bearer ', undefined],
  ['Bearer abc', undefined],
  ['Bearer pat:abc', undefined],
  ['Bearer pat:jwt_abc', undefined],
  ['Basic jwt_abc', undefined],
  ['jwt_abc', undefined],
])('%j', (header, expected) => {
  expect(parseBearer(header)).toEqual(expected);
});

test('a personal access token behind jwt: is a JWT that will not verify', () => {
  expect(parseBearer('Bearer jwt:pat_abc')).toEqual({ kind: 'jwt', token: 'pat_abc' });
});
