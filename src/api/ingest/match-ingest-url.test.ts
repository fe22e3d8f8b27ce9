import { matchIngestUrl } from './match-ingest-url';

test.each([
  ['/api/v1/pipelines/default/logs', { kind: 'record', pipeline: 'default' }],
  ['/api/v1/pipelines/default/logs/struct', { kind: 'struct', pipeline: 'default' }],
  ['/api/v1/pipelines/default/logs/text?x=/y', { kind: 'text', pipeline: 'default' }],
  ['/api/v1/pipelines/default/logs/otlp', { kind: 'otlp', pipeline: 'default' }],
  ['/api/v1/pipelines/a%2Fb%C3%BC/logs', { kind: 'record', pipeline: 'a/bü' }],
])('%s', (url, expected) => {
  expect(matchIngestUrl(url)).toEqual(expected);
});

test.each([
  '',
  '/',
  '/api/v1/pipelines',
  '/api/v1/pipelines/default',
  '/api/v1/pipelines//logs',
  '/api/v1/pipelines/default/logs/',
  '/api/v1/pipelines/default/logs/other',
  '/api/v1/pipelines/a?b/logs',
  '/api/v1/pipelines/%E0%A4%A/logs',
  'http://localhost/api/v1/pipelines/default/logs',
])('%s is left to Express', (url) => {
  expect(matchIngestUrl(url)).toBeUndefined();
});
