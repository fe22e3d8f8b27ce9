import type argon2 from 'argon2';
import { operate } from './support/contract';
import { Harness } from './support/harness';

/** Digests that a password was checked against. */
const mockChecked: string[] = [];

jest.mock('argon2', () => {
  const real = jest.requireActual<typeof argon2>('argon2');
  return {
    ...real,
    verify: (digest: string, password: string) => {
      mockChecked.push(digest);
      return real.verify(digest, password);
    },
  };
});

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

beforeEach(() => (mockChecked.length = 0));

/** What a check costs: algorithm, memory, rounds, lanes, and the sizes of salt and hash. */
function costs(): unknown[] {
  return mockChecked.map((digest) => digest.split('$').map((part, i) => (i < 4 ? part : part.length)));
}

const attempts: readonly (readonly [string, (user: string) => Promise<number>])[] = [
  [
    'a login',
    async (username) => {
      const json = { username, password: 'a wrong password' };
      return (await operate(harness, 'login', { token: null, json })).status;
    },
  ],
  [
    'a password of a client of Elasticsearch',
    async (user) => {
      const Authorization = `Basic ${Buffer.from(`${user}:a wrong password`).toString('base64')}`;
      return (await harness.call('GET', '/middlewares/elastic/', { token: null, headers: { Authorization } })).status;
    },
  ],
];

test.each(attempts)('%s of an unknown user costs as much time as a wrong password', async (_what, attempt) => {
  expect(await attempt('root')).toBe(401);
  const wrong = costs();
  expect(wrong).toHaveLength(1);
  mockChecked.length = 0;
  expect(await attempt('nobody')).toBe(401);
  expect(costs()).toEqual(wrong);
});
