import { createConfig, lintFromString } from '@redocly/openapi-core';
import { stringify } from 'yaml';
import { SCOPES } from '../../src/storage/auth';
import { description, describedOperation, examplesOf, describedResponse, schemaProblems } from './support/description';
import { Harness } from './support/harness';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'];

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

test('the description keeps the rules of OpenAPI', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    // The peer's path of the auth providers ends with one.
    rules: { 'no-path-trailing-slash': 'off' },
  });
  const problems = await lintFromString({ source: stringify(description.json), config });
  const told = problems
    .filter(({ severity }) => severity === 'error')
    .map(({ message, location }) => `${location[0]?.pointer}: ${message}`);
  expect(told).toEqual([]);
});

test('the description is served to anybody', async () => {
  const json = await harness.raw('GET', '/api/docs/openapi.json', { token: null });
  const yaml = await harness.raw('GET', '/api/docs/openapi.yaml', { token: null });
  expect(json.json).toEqual(description.json);
  expect(yaml.text).toBe(description.yaml);
});

test('operation ids are unique', () => {
  const ids = description.operations.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(description.operations)('$id', (operation) => {
  const { id, path, method } = operation;

  test('is reached by its path and method, and asks for a token unless it is public', async () => {
    const target = path.replaceAll(/\{\w+\}/g, 'x');
    const answer = await harness.call(method.toUpperCase(), target, { token: null });
    const asked = operation.body === 'none' ? 200 : 400;
    expect(answer.status).toBe(operation.isPublic ? asked : 401);
  });

  test('is described completely', () => {
    const described = describedOperation(id);
    expect(described.summary).toBeTruthy();
    expect(described.description).toBeTruthy();
    expect(described.tags).toHaveLength(1);
    const needed = operation.isPublic ? ['200', '500'] : ['200', '401', '500'];
    expect(Object.keys(described.responses)).toEqual(expect.arrayContaining(needed));
    for (const scope of described['x-required-scopes']) expect(SCOPES).toContain(scope);
    if (described['x-required-scopes'].length > 0) expect(described.responses).toHaveProperty('403');
    if (described.requestBody !== undefined) {
      expect(Object.keys(described.responses)).toEqual(expect.arrayContaining(['400', '413']));
    }
  });

  test('has examples that keep to its schemas', () => {
    const { requestBody, responses } = describedOperation(id);
    const contents = [
      requestBody?.content,
      ...Object.keys(responses).map((status) => describedResponse(id, Number(status)).content),
    ];
    for (const content of contents) {
      for (const [type, media] of Object.entries(content ?? {})) {
        if (type === 'application/x-protobuf') continue;
        const examples = examplesOf(media);
        expect(examples).not.toHaveLength(0);
        if (type !== 'application/json') continue;
        for (const example of examples) expect(schemaProblems(media.schema ?? {}, example)).toEqual([]);
      }
    }
  });
});

test.each([...new Set(description.operations.map(({ path }) => path))])('%s refuses other methods', async (path) => {
  const allowed = description.operations
    .filter((operation) => operation.path === path)
    .map(({ method }) => method.toUpperCase());
  for (const method of [...METHODS, 'HEAD', 'OPTIONS'].filter((other) => !allowed.includes(other))) {
    const answer = await harness.call(method, path.replaceAll(/\{\w+\}/g, 'x'));
    expect([method, answer.status]).toEqual([method, 405]);
    expect(answer.headers.allow).toBe(allowed.join(', '));
  }
});
