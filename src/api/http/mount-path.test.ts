import { belowMountPath } from './mount-path';

test.each([
  ['/api/v1', '', '/api/v1'],
  ['http://h/api', '', 'http://h/api'],
  ['*', '', '*'],
  ['/logs/api', '/logs', '/api'],
  ['/logs', '/logs', '/'],
  ['/logs?a=/b', '/logs', '/?a=/b'],
  ['http://h:1/logs/api', '/logs', '/api'],
  ['/logsapi', '/logs', undefined],
  ['/api', '/logs', undefined],
  ['*', '/logs', undefined],
])('%s below "%s" is %s', (url, mountPath, expected) => {
  expect(belowMountPath(url, mountPath)).toBe(expected);
});
